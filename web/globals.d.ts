/** Put in by build.js. */
declare const PAGE: unknown;
declare const OFFLINE: unknown;
declare const TOOLCHAIN: unknown;
declare const FORMATTER: unknown;
