// Strict checks of what a bot sends. A mistake here would be silently accepted, or differently refused, by laxer servers.
'use strict';

class Refusal extends Error {
  constructor(code, description, parameters) {
    super(description);
    this.code = code;
    this.parameters = parameters;
  }
}
const bad = (text) => new Refusal(400, `Bad Request: ${text}`);

/** Numbers and objects may come as text (forms, query strings); JSON must have the right type by itself. */
function integer(parameters, name, otherwise) {
  const value = parameters[name];
  if (value === undefined) return otherwise;
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (!Number.isSafeInteger(number)) throw bad(`field "${name}" must be an integer`);
  return number;
}

function structure(parameters, name) {
  const value = parameters[name];
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw bad(`can't parse "${name}" JSON object`);
  }
}

function only(object, allowed, where) {
  for (const name of Object.keys(object))
    if (!allowed.includes(name)) throw bad(`unknown field "${name}" in ${where}`);
}

const ENTITY_TYPES = ['bold', 'italic', 'underline', 'strikethrough', 'code', 'pre', 'text_link', 'spoiler', 'blockquote', 'bot_command', 'url'];

function checkEntities(entities, text) {
  if (entities === undefined) return;
  if (!Array.isArray(entities)) throw bad("can't parse entities: not a list");
  for (const e of entities) {
    only(e, ['type', 'offset', 'length', 'url', 'language'], 'entity');
    if (!ENTITY_TYPES.includes(e.type)) throw bad(`can't parse entities: unsupported type "${e.type}"`);
    if (!Number.isInteger(e.offset) || !Number.isInteger(e.length) || e.offset < 0 || e.length < 1 || e.offset + e.length > text.length)
      throw bad(`can't parse entities: entity beyond the text (${e.offset}+${e.length} of ${text.length})`);
  }
}

/** JavaScript counts UTF-16 units, as the limit does. */
function checkText(parameters) {
  const { text } = parameters;
  if (text !== undefined && typeof text !== 'string') throw bad('field "text" must be a string');
  if (!text || text.trim() === '') throw bad('message text is empty');
  if (text.length > 4096) throw bad('message is too long');
  if (/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text)) throw bad('text must be encoded in UTF-8');
  const mode = parameters.parse_mode;
  if (mode !== undefined && !['HTML', 'Markdown', 'MarkdownV2'].includes(mode)) throw bad('unsupported parse_mode');
  if (mode === 'HTML' && /&(?!(amp|lt|gt|quot|#\d+);)|<(?!\/?(b|i|u|s|code|pre|a)\b)/.test(text)) throw bad("can't parse entities: unsupported start tag");
  if (mode === 'MarkdownV2' && /(?<!\\)[.!()#+=|{}-]/.test(text)) throw bad("can't parse entities: character is reserved and must be escaped");
  const entities = structure(parameters, 'entities');
  checkEntities(entities, text);
  const preview = structure(parameters, 'link_preview_options');
  if (preview !== undefined) only(preview, ['is_disabled', 'url', 'prefer_small_media', 'prefer_large_media', 'show_above_text'], 'link_preview_options');
  return { text, entities };
}

function checkKeyboard(parameters) {
  const markup = structure(parameters, 'reply_markup');
  if (markup === undefined) return undefined;
  only(markup, ['inline_keyboard'], 'reply_markup');
  const rows = markup.inline_keyboard;
  if (!Array.isArray(rows) || !rows.every(Array.isArray)) throw bad('field "inline_keyboard" must be a list of lists');
  for (const button of rows.flat()) {
    only(button, ['text', 'callback_data', 'url', 'hide'], 'button'); // telegraf adds "hide"
    if (typeof button.text !== 'string' || button.text === '') throw bad('button text is empty');
    if ((button.callback_data === undefined) === (button.url === undefined)) throw bad('a button needs exactly one of callback_data and url');
    if (button.callback_data !== undefined) {
      const bytes = Buffer.byteLength(String(button.callback_data));
      if (typeof button.callback_data !== 'string' || bytes < 1 || bytes > 64) throw new Refusal(400, 'Bad Request: BUTTON_DATA_INVALID');
    }
  }
  return markup;
}

module.exports = { Refusal, bad, integer, structure, only, checkText, checkKeyboard };
