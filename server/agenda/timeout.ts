/** For `pTimeout`: how long, in milliseconds, the queue has for its last word when the server stops. Then nobody waits for it. */
export const queueTimeout = { milliseconds: 2_000, fallback: () => undefined }
