/**
 * A self-signed certificate with its key, for tests only: this key protects nothing.
 * @module
 */

/** For `localhost` and `127.0.0.1`; valid for a hundred years. */
export const TLS_IDENTITY: { readonly cert: Buffer; readonly key: Buffer } = {
  cert: Buffer.from(`-----BEGIN CERTIFICATE-----
MIIBuDCCAV+gAwIBAgIUJvCUr5SWpPjeaZtR0ez1jh5tyGMwCgYIKoZIzj0EAwIw
GjEYMBYGA1UEAwwPb25lLnBhcmxleS50ZXN0MCAXDTI2MTEyMjE1MDk1N1oYDzIx
MjYxMDI5MTUwOTU3WjAaMRgwFgYDVQQDDA9vbmUucGFybGV5LnRlc3QwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAARTE521M0jBmzk/SIVBiGc39sRbZTqj7kgYN+y7
4TzWsz3Ww+aPh0zKilMfOQ/Qd0a7gXnwrEnEdQHExrqK0KDdo4GAMH4wHQYDVR0O
BBYEFFxAC7DtcnD1x+9uW1M0y04aP4COMB8GA1UdIwQYMBaAFFxAC7DtcnD1x+9u
W1M0y04aP4COMA8GA1UdEwEB/wQFMAMBAf8wKwYDVR0RBCQwIoIPb25lLnBhcmxl
eS50ZXN0gglsb2NhbGhvc3SHBH8AAAEwCgYIKoZIzj0EAwIDRwAwRAIgVGGtH4jx
VSFro034Bgiz26OdrjZ5iZA85utjfBYuXnICIFoXrJYO6VTPbkC5J6D/cmZj2x2r
424QPD+atu60+0i9
-----END CERTIFICATE-----`),
  key: Buffer.from(`-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg438GgBoMjCdXduqv
ATD2NzdhxpN9n805GAxiyT+/BwuhRANCAARTE521M0jBmzk/SIVBiGc39sRbZTqj
7kgYN+y74TzWsz3Ww+aPh0zKilMfOQ/Qd0a7gXnwrEnEdQHExrqK0KDd
-----END PRIVATE KEY-----`),
};
