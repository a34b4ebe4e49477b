/** The project's own lint rules; test/project/lint.test.ts plants a violation of each. */

/** Seventeen digits and a check character that stand alone: the form of a resident ID number (GB 11643). */
const RESIDENT_NUMBER = /(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])/;

/** The text of an expression that is constant, with `+` and template literals joined; undefined when it is not. */
function constantText(node) {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : node.raw.replace(/_|n$/g, '');
  if (node.type === 'BinaryExpression' && node.operator === '+') {
    const left = constantText(node.left);
    const right = constantText(node.right);
    return left === undefined || right === undefined ? undefined : left + right;
  }
  if (node.type !== 'TemplateLiteral') return undefined;
  const holes = node.expressions.map(constantText);
  return node.quasis.reduce((text, { value }, i) => `${text}${value.cooked ?? value.raw}${holes[i] ?? '\uFFFC'}`, '');
}

const looksLikeResidentNumber = (text) => RESIDENT_NUMBER.test(text.normalize('NFKC'));

/** A number that may be somebody's must not be in the source: tests and seeds take theirs from the generator. */
const noResidentNumber = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      found: 'A literal ID number may be a real person’s: build it with the generator of synthetic persons.',
    },
  },
  create(context) {
    const check = (node) => {
      const text = constantText(node);
      const parent = node.parent;
      const partOfLarger = parent.type === 'BinaryExpression' && constantText(parent) !== undefined;
      if (text !== undefined && !partOfLarger && looksLikeResidentNumber(text))
        context.report({ node, messageId: 'found' });
    };
    return {
      Literal: check,
      TemplateLiteral: check,
      BinaryExpression: check,
      Program(program) {
        for (const comment of context.sourceCode.getAllComments())
          if (looksLikeResidentNumber(comment.value))
            context.report({ node: program, loc: comment.loc, messageId: 'found' });
      },
    };
  },
};

/** A rule that can be switched off beside the fault is no rule: fix the code, or change eslint.config.js for all. */
const noDirective = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { found: 'No rule is switched off in a file: fix the code, or change the rule for everybody.' },
  },
  create(context) {
    return {
      Program(program) {
        for (const comment of context.sourceCode.getAllComments())
          if (
            /^[\s*]*(eslint\b|eslint-|@ts-(ignore|nocheck|expect-error)|prettier-ignore|istanbul ignore)/.test(
              comment.value,
            )
          )
            context.report({ node: program, loc: comment.loc, messageId: 'found' });
      },
    };
  },
};

/** `as unknown as T` says that the compiler is wrong; nearly always it is right. */
const noDoubleCast = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { found: 'A cast of a cast: narrow the value with a check instead.' },
  },
  create(context) {
    return {
      'TSAsExpression > TSAsExpression.expression': (node) => {
        if (node.typeAnnotation.type !== 'TSTypeReference' || node.typeAnnotation.typeName.name !== 'const')
          context.report({ node, messageId: 'found' });
      },
    };
  },
};

/**
 * Every exported thing says what it is: units, shapes, errors, and for a rule its source and article. A closed list
 * describes itself in its second argument, and a type that shares a value's name is described there.
 */
const docstring = {
  meta: { type: 'suggestion', schema: [], messages: { missing: 'An exported {{what}} needs a /** docstring */.' } },
  create(context) {
    const values = new Set();
    const documented = (node) =>
      context.sourceCode
        .getCommentsBefore(node)
        .some((comment) => comment.type === 'Block' && comment.value.startsWith('*'));
    const describesItself = (declaration) =>
      declaration.type === 'TSTypeAliasDeclaration'
        ? values.has(declaration.id.name)
        : declaration.declarations?.every(({ init }) => init?.callee?.name === 'closedList');
    return {
      ExportNamedDeclaration(node) {
        const { declaration } = node;
        if (!declaration) return;
        for (const { id } of declaration.declarations ?? []) values.add(id.name);
        const first = declaration.decorators?.[0] ?? node;
        if (describesItself(declaration) || [node, declaration, first].some(documented)) return;
        const what = declaration.type.replace(/^TS|Declaration$/g, '').toLowerCase();
        context.report({ node, messageId: 'missing', data: { what } });
      },
    };
  },
};

export default {
  rules: {
    'no-resident-number': noResidentNumber,
    'no-directive': noDirective,
    'no-double-cast': noDoubleCast,
    docstring,
  },
};
