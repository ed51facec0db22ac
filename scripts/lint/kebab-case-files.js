import { basename } from 'node:path';

/** ESLint rule: a file is named in kebab-case, with `.test`, `.spec` or `.config` before its ending. */
export const kebabCaseFiles = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { name: 'File names are kebab-case: "{{ name }}" is not.' },
  },
  create(context) {
    return {
      Program(node) {
        const name = basename(context.filename);
        if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|spec|config|bench|d))?\.[cm]?[jt]sx?$/.test(name))
          context.report({ node, messageId: 'name', data: { name } });
      },
    };
  },
};
