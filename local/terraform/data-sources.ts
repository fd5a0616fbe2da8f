import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import type { Runtime } from '../runtime';
import type { Resource, ResourceType } from '../service';
import type { Configuration } from './configuration';
import { byBytes } from './values';

/** The data sources that the local runtime runs, and what they know. */
export interface DataSources {
  readonly types: Readonly<Record<string, ResourceType>>;
  /**
   * The directory whose files an archive would hold; no archive is written.
   *
   * @param outputPath of the `archive_file`, as its attribute `output_path` gives it; `filename` of a function
   * @returns absolute path; undefined if no `archive_file` writes there
   */
  archiveSource(outputPath: string): string | undefined;
}

/** The data sources of one configuration. Each call has its own archives. */
export function dataSources(runtime: Runtime, configuration: Configuration): DataSources {
  const archives = new Map<string, string>();
  const directories = new Map(configuration.stacks.map((stack) => [stack.name, stack.directory]));
  const archive: ResourceType<ArchiveArguments> = {
    arguments: archiveArguments,
    create: (resource) => {
      const { source, ...attributes } = archiveAttributes(resource, directories.get(resource.stack)!);
      archives.set(attributes.output_path, source);
      return { ...attributes, source_directory: source };
    },
  };
  return {
    types: { ...identity(runtime), archive_file: archive },
    archiveSource: (outputPath) => archives.get(outputPath),
  };
}

/** Who and where the configuration is applied. */
function identity({ accountId, administrator, partition, region }: Runtime): Record<string, ResourceType> {
  const none = z.strictObject({});
  const arn = 'arn' in administrator ? administrator.arn : '';
  return {
    aws_caller_identity: {
      arguments: none,
      create: () => ({ id: accountId, account_id: accountId, arn, user_id: 'AIDALOCALDEVELOPER00' }),
    },
    aws_partition: {
      arguments: none,
      create: () => ({ id: partition, partition, dns_suffix: 'amazonaws.com', reverse_dns_prefix: 'com.amazonaws' }),
    },
    aws_region: {
      arguments: none,
      create: () => ({ id: region, name: region, region, endpoint: `ec2.${region}.amazonaws.com` }),
    },
  };
}

const archiveArguments = z
  .strictObject({
    type: z.literal('zip'),
    output_path: z.string(),
    source_dir: z.string().optional(),
    source_file: z.string().optional(),
    // Without meaning where no archive is written.
    output_file_mode: z.string().optional(),
  })
  .refine(({ source_dir, source_file }) => (source_dir === undefined) !== (source_file === undefined), {
    path: ['source_dir'],
    message: 'give either source_dir or source_file',
  });

type ArchiveArguments = z.infer<typeof archiveArguments>;

/**
 * Digests are those of the names and contents of the files: unlike those of a real archive they are the same on every
 * machine, and `output_size` is the files' size.
 */
function archiveAttributes({ arguments: values }: Resource<ArchiveArguments>, directory: string) {
  const file = values.source_file === undefined ? undefined : resolve(directory, values.source_file);
  const source = file === undefined ? resolve(directory, values.source_dir!) : dirname(file);
  const paths = file === undefined ? filesIn(source) : [existing(file, 'isFile')];
  const contents = paths.map((path) => readFileSync(path));
  const digest = (algorithm: string, encoding: 'hex' | 'base64') => {
    const hash = createHash(algorithm);
    for (const [index, path] of paths.entries()) {
      const name = file === undefined ? relative(source, path).split(sep).join('/') : basename(path);
      hash.update(`${name}\0${contents[index]!.length}\0`).update(contents[index]!);
    }
    return hash.digest(encoding);
  };
  return {
    source,
    id: digest('sha1', 'hex'),
    output_path: resolve(directory, values.output_path),
    output_size: contents.reduce((size, content) => size + content.length, 0),
    output_md5: digest('md5', 'hex'),
    output_sha: digest('sha1', 'hex'),
    output_sha256: digest('sha256', 'hex'),
    output_base64sha256: digest('sha256', 'base64'),
    output_sha512: digest('sha512', 'hex'),
    output_base64sha512: digest('sha512', 'base64'),
  };
}

/** Paths of the files in a directory and those in it, in one order on every machine. */
function filesIn(directory: string): string[] {
  const entries = readdirSync(existing(directory, 'isDirectory'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  if (files.length === 0) throw new Error(`${directory} is empty: an archive needs a file`);
  return files.sort(byBytes);
}

function existing(path: string, kind: 'isFile' | 'isDirectory'): string {
  if (statSync(path, { throwIfNoEntry: false })?.[kind]()) return path;
  throw new Error(`${path} does not exist or is no ${kind === 'isFile' ? 'file' : 'directory'}: run \`npm run synth\``);
}
