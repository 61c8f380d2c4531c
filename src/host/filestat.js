/**
 * What WASI says about a file, 64 bytes. That of @bjorn3/browser_wasi_shim 0.4.2 writes its times two to four bytes too early,
 * over the upper part of the size.
 */
export class FileStat {
  dev = 0n;
  nlink = 1n;

  /** @param {bigint} ino @param {number} filetype @param {bigint} size @param {bigint} mtim nanoseconds @param {bigint} [atim] @param {bigint} [ctim] */
  constructor(ino, filetype, size, mtim, atim = mtim, ctim = mtim) {
    this.ino = ino;
    this.filetype = filetype;
    this.size = size;
    this.atim = atim;
    this.mtim = mtim;
    this.ctim = ctim;
  }

  /** @param {DataView} view @param {number} at */
  write_bytes(view, at) {
    [this.dev, this.ino, BigInt(this.filetype), this.nlink, this.size, this.atim, this.mtim, this.ctim].forEach((value, i) => view.setBigUint64(at + 8 * i, value, true));
  }
}
