// Whether a query is something that the page's box explains: an address, an endpoint, a URL, a port or an error. A
// short rule, for one line. tests/site/test_search.py compares it with what the checks make of the same texts.

const PATTERNS = [
  /^(port )?\d{1,5}$/i,
  /^[a-z][a-z0-9+.-]*:\/\/\S+$/i,
  /^\[?[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*(%\w+)?\]?(:\d{1,5})?(\/\d{1,3})?$/i, // IPv6
  /^(0x[0-9a-f]+|\d+)(\.(0x[0-9a-f]+|\d+)){1,3}(:\d{1,5})?(\/\S*)?$/i, // IPv4, however it is written
  /^0x[0-9a-f]{5,8}$|^\d{8,10}$/i,
  /^[a-z0-9_.*-]+:\d{1,5}(\/\S*)?$/i,
  /^\S*\.localhost$|^localhost$|^host\.\w+\.internal$/i,
  /^\/\S+\.sock(et)?$/,
  /\b(E[A-Z]{4,}|EIO|EPERM|EPIPE|WSA[A-Z]{5,}|(NET::)?ERR_[A-Z]\w+|NS_ERROR_\w+|DNS_PROBE_\w+)\b/,
  /\b(errno|winerror)\W{0,3}\d{1,5}\b/i,
  /connection (was )?(refused|reset|aborted|timed out)|refused to connect|already in use|permission denied/i,
  /can(no|')t assign requested address|(network|host) is unreachable|no route to host|broken pipe|can['’]t be reached/i,
];

export const explainable = (query) => PATTERNS.some((pattern) => pattern.test(query.trim()));
