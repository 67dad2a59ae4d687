/**
 * `@parley/client/testing`: calls in memory, so that the tests of an application need neither a browser
 * nor a network. Documentation: docs/sdk/testing.md.
 * @module
 */
export { createTestServer } from './testing/test-server.ts';
export type { TestServer } from './testing/test-server.ts';
export type { TestClient, TestClientOptions } from './testing/test-client.ts';
export type { TestDevices } from './testing/test-devices.ts';
