import { PROTOCOL } from './channels/wire';

/** The content of kernel_info_reply. */
export function kernelInfo(): object {
  return {
    status: 'ok',
    protocol_version: PROTOCOL,
    implementation: 'lecture-lab',
    implementation_version: '0.1.0',
    banner: `TypeScript on Node ${process.versions.node}`,
    help_links: [{ text: 'TypeScript handbook', url: 'https://www.typescriptlang.org/docs/handbook/intro.html' }],
    supported_features: [],
    debugger: false,
    language_info: {
      name: 'typescript',
      version: '5.0.4',
      mimetype: 'text/typescript',
      file_extension: '.ts',
      pygments_lexer: 'typescript',
      codemirror_mode: { mode: 'typescript', name: 'javascript', typescript: true },
      nbconvert_exporter: 'script',
    },
  };
}
