// The parameters of a Bot API call: query string, JSON, form, or multipart; whatever the caller chose.
'use strict';

const LIMIT = 50 * 1024 * 1024;

function readAll(request) {
  return new Promise((resolve, reject) => {
    const pieces = [];
    let size = 0;
    request.on('data', (piece) => {
      size += piece.length;
      if (size > LIMIT) reject(new Error('the request is too large'));
      else pieces.push(piece);
    });
    request.on('end', () => resolve(Buffer.concat(pieces)));
    request.on('error', reject);
  });
}

/** The parts of a multipart body: texts by name, files as {filename, size}. */
function parseMultipart(body, boundary) {
  const parameters = {};
  const mark = Buffer.from(`--${boundary}`);
  let at = body.indexOf(mark);
  if (at < 0) throw new Error('multipart without its boundary');
  for (;;) {
    const start = at + mark.length;
    if (body.slice(start, start + 2).toString() === '--') return parameters;
    const next = body.indexOf(mark, start);
    if (next < 0) throw new Error('multipart is cut off');
    const part = body.slice(start + 2, next - 2); // without the line ends around it
    const split = part.indexOf('\r\n\r\n');
    if (split < 0) throw new Error('a part without an empty line after its headers');
    const headers = part.slice(0, split).toString();
    const name = /name="([^"]*)"/.exec(headers);
    if (!name) throw new Error('a part without a name');
    const file = /filename="?([^";\r\n]+)"?/.exec(headers);
    const content = part.slice(split + 4);
    parameters[name[1]] = file ? { filename: file[1], size: content.length } : content.toString();
    at = next;
  }
}

async function readParameters(request, url) {
  const parameters = Object.fromEntries(url.searchParams);
  const body = await readAll(request);
  if (body.length === 0) return parameters;
  const type = request.headers['content-type'] || '';
  if (type.startsWith('application/json')) {
    const parsed = JSON.parse(body.toString());
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new Error('not an object');
    return Object.assign(parameters, parsed);
  }
  if (type.startsWith('application/x-www-form-urlencoded'))
    return Object.assign(parameters, Object.fromEntries(new URLSearchParams(body.toString())));
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/.exec(type);
  if (boundary) return Object.assign(parameters, parseMultipart(body, boundary[1]));
  throw new Error(`content type ${type} is not understood`);
}

module.exports = { readAll, readParameters };
