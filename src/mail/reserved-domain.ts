const RESERVED = /\.(?:onmicrosoft|microsoftonline)\.com$/i;

/** Whether a domain is one of Microsoft's own, which the cloud gives out itself (fact PRX-8). */
export function isReserved(domain: string): boolean {
  return RESERVED.test(domain);
}
