/**
 * A certificate with its key and the authority that signed it, for tests only: this key protects nothing.
 * The key of the authority was thrown away.
 * @module
 */

/** For `localhost` and `127.0.0.1`; valid for a hundred years. */
export const TLS_IDENTITY: {
  readonly authority: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
} = {
  authority: Buffer.from(`-----BEGIN CERTIFICATE-----
MIIBpjCCAU2gAwIBAgIUbdl2vDZu9bnq/NNVcwOwZSNimdgwCgYIKoZIzj0EAwIw
IDEeMBwGA1UEAwwVUGFybGV5IHRlc3QgYXV0aG9yaXR5MCAXDTI2MTEyNTAyMzQw
NVoYDzIxMjYxMTAxMDIzNDA1WjAgMR4wHAYDVQQDDBVQYXJsZXkgdGVzdCBhdXRo
b3JpdHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQmvf/4jtEpiRn0aadNBe3y
H1PIDBtbfaOx/hzm6L33d0zNUrnhDIbmyCVAKEBUxeJdqBh3xm/BIILIyxau45jl
o2MwYTAdBgNVHQ4EFgQUwxcwQzt9GGzeTFC/pkTd5nMpnrowHwYDVR0jBBgwFoAU
wxcwQzt9GGzeTFC/pkTd5nMpnrowDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8E
BAMCAQYwCgYIKoZIzj0EAwIDRwAwRAIgSANpJMQLAGg4inj4grx41+0FzkKr3HNW
1qfaiyW62fgCIHEZSJT4pS4xihyyjwdV8vnQSQAHlc6uhW9cohi1HzDf
-----END CERTIFICATE-----`),
  cert: Buffer.from(`-----BEGIN CERTIFICATE-----
MIIB2zCCAYKgAwIBAgIUFylxZSXpEkIfsB7ye/P+1BXC4DEwCgYIKoZIzj0EAwIw
IDEeMBwGA1UEAwwVUGFybGV5IHRlc3QgYXV0aG9yaXR5MCAXDTI2MTEyNTAyMzQw
NVoYDzIxMjYxMTAxMDIzNDA1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAAReTiDkPplrMQlc4fCLMVA//nJMkxw96euShPw0
OBN0MfTJrRqAk1TG29tMgV4nnrcSkeq+Ik+Pr/a+qagKWcYuo4GjMIGgMAwGA1Ud
EwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMBMCsG
A1UdEQQkMCKCD29uZS5wYXJsZXkudGVzdIIJbG9jYWxob3N0hwR/AAABMB0GA1Ud
DgQWBBTNNIBLvV+l2imUqK94H7bEaAdAdjAfBgNVHSMEGDAWgBTDFzBDO30YbN5M
UL+mRN3mcymeujAKBggqhkjOPQQDAgNHADBEAiB2Ug4lzQkbGUcAeAluniAKYeez
5WlNkO5EPh6SXQXwEAIgLp+d0H0+wHhW3qSdVnLe9Dydy/Rya/UK6ZW2EKqjU3g=
-----END CERTIFICATE-----`),
  key: Buffer.from(`-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgW3X9OJx2hSkkHgUX
wcz2m+Pyi/L7eeMeDLGLxoeON7qhRANCAAReTiDkPplrMQlc4fCLMVA//nJMkxw9
6euShPw0OBN0MfTJrRqAk1TG29tMgV4nnrcSkeq+Ik+Pr/a+qagKWcYu
-----END PRIVATE KEY-----`),
};
