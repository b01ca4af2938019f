import { InvalidInput } from '../problems.ts'
import { builder } from '../schema/builder.ts'
import { problemType } from '../schema/problems.ts'
import { LocationUnusable } from './problems.ts'
import { type Folder, type FolderEntry, mostFolders, readFolder } from './service.ts'

builder.objectField(problemType(LocationUnusable, 'A path cannot be used for what it was named for.'), 'path', (t) =>
  t.exposeString('path', { description: 'The path.' }),
)

const folderEntry = builder.objectRef<FolderEntry>('FolderEntry').implement({
  description: 'A folder in a folder.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    path: t.exposeString('path', { description: 'Its absolute path.' }),
    isReadable: t.exposeBoolean('isReadable', { description: 'Whether Borgitory may look inside.' }),
  }),
})

const folder = builder.objectRef<Folder>('Folder').implement({
  description: 'A folder on the machine that runs Borgitory.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Its absolute path.' }),
    parent: t.exposeString('parent', { nullable: true, description: 'The folder that it is in; null for `/`.' }),
    folders: t.field({
      type: [folderEntry],
      complexity: { field: 0, multiplier: mostFolders },
      description: 'The folders in it, by name. One whose name is not UTF-8 is left out.',
      resolve: ({ folders }) => [...folders],
    }),
    isTruncated: t.exposeBoolean('isTruncated', { description: 'Whether it holds more than these 1,000 folders.' }),
  }),
})

builder.queryField('folder', (t) =>
  t.field({
    type: folder,
    // For choosing, which only those do who may act.
    authScopes: { acting: true },
    // Asks for each of them whether it may look inside.
    complexity: 1_000,
    description: 'The folders in a folder of the machine that runs Borgitory, for choosing one.',
    args: { path: t.arg.string({ required: true, defaultValue: '/', description: 'An absolute path.' }) },
    errors: { types: [LocationUnusable, InvalidInput] },
    resolve: (_root, { path }) => readFolder(path),
  }),
)
