import type { ForestTraits } from '../../model/entry.js';
import { texts } from '../format/values.js';
import type { Connection } from '../protocol/connection.js';
import { findAll, unlessRefused } from './own-words.js';
import { NOT_IN_FOREST, undeliveredBySchema } from './schema.js';

/** What Cloud Sync needs the schema to have (fact FOR-4). */
const CLOUD_ID = 'msDS-ExternalDirectoryObjectId';

/** What a controller shows of itself and of its forest; undefined where there is no forest or it cannot be read. */
export async function forestTraits(
  connection: Connection,
  signal?: AbortSignal,
): Promise<ForestTraits | undefined> {
  const { isActiveDirectory, configurationNamingContext, forestLevel, isReadOnly } =
    connection.rootDse;
  if (!isActiveDirectory || configurationNamingContext === undefined) return undefined;
  const domains = await unlessRefused(connection, signal, (directory) =>
    findAll(directory, {
      base: `CN=Partitions,${configurationNamingContext}`,
      filter: '(&(objectClass=crossRef)(nETBIOSName=*))',
      attributes: ['nETBIOSName'],
      signal,
    }),
  );
  const undelivered = await undeliveredBySchema(connection, [CLOUD_ID], signal);
  return {
    forest: configurationNamingContext.toLowerCase(),
    netbiosNames: (domains ?? []).flatMap((domain) => texts(domain, 'nETBIOSName')).sort(),
    level: forestLevel,
    isReadOnly,
    hasCloudId: undelivered.get(CLOUD_ID) !== NOT_IN_FOREST,
  };
}
