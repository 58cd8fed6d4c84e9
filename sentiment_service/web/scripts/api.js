// Calls of the public API. Every failure becomes an ApiError with a sentence people can read.

const BASE = "/api/v1";
const PATIENCE_MS = 30_000;

export class ApiError extends Error {
  constructor(status, detail, body = {}, retryAfterS = null) {
    super(detail);
    this.status = status;
    this.body = body;
    this.retryAfterS = retryAfterS;
  }
}

let made = 0;
/** Requests since the page was opened. */
export const requests = () => made;

function address(path, params = {}) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value !== null && value !== undefined && value !== "") query.set(key, value);
  }
  const text = query.toString();
  return path.startsWith("/api/") ? path : `${BASE}${path}${text ? `?${text}` : ""}`;
}

async function failure(response) {
  const body = await response.json().catch(() => ({}));
  const fields = (body.errors || []).map((each) => `${each.field} ${each.message}`).join("; ");
  const detail = [body.detail || `The service answered ${response.status}.`, fields].filter(Boolean).join(" ");
  return new ApiError(response.status, detail, body, Number(response.headers.get("Retry-After")) || null);
}

async function call(method, path, { params, body, token, signal, headers = {} } = {}) {
  made += 1;
  const limit = AbortSignal.timeout(PATIENCE_MS);
  const all = signal ? AbortSignal.any([signal, limit]) : limit;
  const asked = { method, signal: all, headers: { Accept: "application/json", ...headers } };
  if (token) asked.headers["X-Admin-Token"] = token;
  if (body !== undefined) {
    asked.headers["Content-Type"] = "application/json";
    asked.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(address(path, params), asked);
  } catch (error) {
    if (signal && signal.aborted) throw error;
    const late = limit.aborted;
    throw new ApiError(0, late ? "The service did not answer within 30 seconds." : "The service cannot be reached.");
  }
  if (!response.ok) throw await failure(response);
  return response;
}

async function json(response, signal) {
  try {
    return await response.json();
  } catch (error) {
    if (signal && signal.aborted) throw error;
    throw new ApiError(0, "The answer of the service broke off.");
  }
}

/** The JSON of a read. */
export async function get(path, params, signal, token) {
  return json(await call("GET", path, { params, signal, token }), signal);
}

/** The JSON of a read together with the address of the next page from its Link header. */
export async function page(path, params, signal) {
  const response = await call("GET", path, { params, signal });
  const next = /<([^>]+)>; rel="next"/.exec(response.headers.get("Link") || "");
  return { items: await json(response, signal), next: next && next[1].startsWith("/api/") ? next[1] : null };
}

/** The JSON of a read and its ETag. */
export async function tagged(path, token, signal) {
  const response = await call("GET", path, { token, signal });
  return { body: await json(response, signal), etag: response.headers.get("ETag") };
}

/** The JSON of a call that changes something. */
export async function send(method, path, { body, token, headers, signal } = {}) {
  const response = await call(method, path, { body, token, headers, signal });
  return response.status === 204 ? {} : json(response, signal);
}

/** Health is an answer at 503 as well. */
export async function health(signal) {
  try {
    return await get("/health", {}, signal);
  } catch (error) {
    if (error instanceof ApiError && error.body.status === "unhealthy") return error.body;
    throw error;
  }
}
