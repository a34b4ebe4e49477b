/**
 * What graphql-js says of a faulty request, without the values that it quotes (`got invalid value "110…"`). Every known
 * form of message is rebuilt from the names in it; an unknown form is replaced as a whole.
 */
import { GraphQLError, Kind } from 'graphql';
import type { ASTNode } from 'graphql';

const NAME = '[_A-Za-z][_0-9A-Za-z]*';
const TYPE = `[[]*${NAME}[\\]!]*`;
const LONGEST = 400;
const TOKENS = 'Name|Int|Float|String|BlockString|Comment|<EOF>|<SOF>';

/** The message of a document that does not parse. */
export function syntaxMessage(message: string): string {
  const text = message.replace(/^Syntax Error: /, '');
  const limit = /^Document contains more (?:than|that) (\d+) (tokens|comments)/.exec(text);
  if (limit !== null) return `Syntax Error: the document has more than ${limit[1]} ${limit[2]}.`;
  // What was expected comes from the grammar; what was found is shown by its kind, or as a sign of punctuation.
  const found = `(?:(${TOKENS})(?: ".*)?|("[^"\\w\\s]{1,3}")\\.?)`;
  const expected = new RegExp(`^Expected (${TOKENS}|"[^"\\s\\d]{1,12}"), found ${found}$`, 's').exec(
    text.replace(/\.$/, ''),
  );
  if (expected !== null) return `Syntax Error: expected ${expected[1]}, found ${expected[2] ?? expected[3]}.`;
  const unexpected = new RegExp(`^Unexpected ${found}$`, 's').exec(text.replace(/\.$/, ''));
  if (unexpected !== null) return `Syntax Error: unexpected ${unexpected[1] ?? unexpected[2]}.`;
  const known = SYNTAX.find(([form]) => form.test(text));
  return `Syntax Error: ${known?.[1] ?? 'the document cannot be read'}.`;
}

const SYNTAX: readonly (readonly [RegExp, string])[] = [
  [/^Unterminated string/, 'unterminated string'],
  [/^Invalid number/, 'invalid number'],
  [/^Unexpected single quote character/, 'unexpected single quote character (\'), use a double quote (")'],
  [/^(Invalid|Unexpected) character/, 'unexpected character'],
  [/^Invalid (Unicode|character) escape sequence/, 'invalid escape sequence'],
  [/^Unexpected variable/, 'a variable where a constant is expected'],
];

/** The message of an error in the request: validation, variables, arguments. */
export function requestMessage(error: GraphQLError): string {
  const { message } = error;
  const node = error.nodes?.[0];
  if (node?.kind === Kind.VARIABLE_DEFINITION) {
    const name = shownName(node.variable.name.value);
    const invalid = /^Variable "\$[^"]*" got invalid value /s.test(message);
    if (invalid) return `Variable "$${name}"${pathIn(error)}: ${reason(originalMessage(error))}`;
  }
  if (node !== undefined && isValue(node)) return reason(message);
  return isKnownReason(message) ? reason(message) : names(message);
}

/** Names and types stay, whatever else stands between quotation marks goes; no suggestion tells of the schema. */
function names(message: string): string {
  const told = bounded(message).replace(/ ?Did you mean .*\?$/s, '');
  const plain = told.replace(/"([^"]*)"/gs, (_all, quoted: string) =>
    /^[$@]?[_A-Za-z[][\w.!\][:]*$/.test(quoted) ? `"${quoted}"` : '"…"',
  );
  return withoutNumbers(/[^\x20-\x7e…]/.test(plain) ? 'The request is not accepted.' : plain);
}

/** Where in a variable the fault lies; the path holds names of the schema and indices only. */
function pathIn(error: GraphQLError): string {
  const head = error.message.slice(0, error.message.length - originalMessage(error).length - 2);
  // A quotation mark inside a value is escaped, so only the path can end like this.
  const path = new RegExp(` at "(${NAME}(?:\\.${NAME}|\\[\\d+\\])*)"$`).exec(head.slice(-LONGEST))?.[1];
  return path === undefined ? '' : ` at "${withoutNumbers(path)}"`;
}

function originalMessage(error: GraphQLError): string {
  const { originalError } = error;
  const inner = originalError instanceof GraphQLError ? originalError.message : '';
  return error.message.endsWith(`; ${inner}`) ? inner : '';
}

// `$1` and `$2` are names and types of the schema, or a name that the caller wrote where a field was expected.
const FIELD = `${NAME}(?:\\.${NAME})?`;
const REASONS: readonly (readonly [form: RegExp, says: string])[] = (
  [
    [`Field "(${FIELD})" of required type "(${TYPE})" was not provided`, 'Field "$1" of type "$2" was not provided.'],
    [`Field "(${NAME})" is not defined by type "(${NAME})"`, 'Field "$1" is not defined by type "$2".'],
    [`Field ".*" is not defined by type "(${NAME})"`, 'A field is not defined by type "$1".'],
    [`Expected non-nullable type "(${TYPE})" not to be null`, 'Expected a value of type "$1", not null.'],
    [`Expected (?:value of )?type "(${TYPE})"`, 'Expected a value of type "$1".'],
    [`Value .* does not exist in "(${NAME})" enum`, 'The value does not exist in the enum "$1".'],
    [`Enum "(${NAME})" cannot represent`, 'Expected a value of the enum "$1".'],
    ['(Int|Float|String|Boolean|ID) cannot represent', 'Expected a value of type "$1".'],
    [`OneOf Input Object "(${NAME})" must specify`, 'Exactly one field of "$1" must be given.'],
    [`Exactly one key must be specified for OneOf type "(${NAME})"`, 'Exactly one field of "$1" must be given.'],
    [`Field "(${FIELD})" must be non-null`, 'Field "$1" must not be null.'],
    [`Argument "(${NAME})" has invalid value`, 'Argument "$1" has an invalid value.'],
    [`Argument "(${NAME})" of (?:required|non-null) type "(${TYPE})"`, 'Argument "$1" of type "$2" was not provided.'],
  ] as const
).map(([form, says]) => [new RegExp(`^${form}`, 's'), says]);

/** Whether graphql-js says so of a value in the request, also while it executes. */
export function isKnownReason(message: string): boolean {
  return REASONS.some(([form]) => form.test(message));
}

function reason(message: string): string {
  for (const [form, says] of REASONS) {
    const parts = form.exec(message);
    if (parts !== null) return withoutNumbers(says.replace(/\$(\d)/g, (_all, n: string) => parts[Number(n)] ?? ''));
  }
  return 'The value is not accepted.';
}

const ONLY_NAME = new RegExp(`^${NAME}$`);

/** A name as the caller wrote it, unless it could be more than a name. */
export function shownName(name: string): string {
  return ONLY_NAME.test(name) && name.length <= 64 && !/\d{6}/.test(name) ? name : '…';
}

/** Bounded first: a name may be as long as the document, and the search is quadratic in the length of a word. */
const withoutNumbers = (message: string): string => bounded(message).replace(/\w*\d{6}\w*/g, '…');

const bounded = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`);

const isValue = ({ kind }: ASTNode): boolean =>
  kind === Kind.OBJECT_FIELD || (kind !== Kind.VARIABLE && /Value$/.test(kind));
