/** What a measurement says: one JSON line. `each` is a list, in order; the rest are numbers. */
export class Report {
  /** @type {{ each: number[], rss?: number, memory?: number, used?: number, cpu?: number }} */
  values = { each: [] };
  #rest = '';
  #before = { rss: 0, cpu: process.cpuUsage() };

  /** @param {'before' | 'after'} moment */
  mark(moment) {
    if (moment === 'before') {
      this.#before = { rss: process.memoryUsage.rss(), cpu: process.cpuUsage() };
      return;
    }
    const { user, system } = process.cpuUsage(this.#before.cpu);
    this.values.rss = process.memoryUsage.rss() - this.#before.rss;
    this.values.cpu = (user + system) * 1000;
  }

  /** The lines of a C program: "mark before", "mark after", "each <ns>", "memory <bytes>", "used <bytes>". @param {string} text */
  read(text) {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const [word, value] = line.split(' ');
      if (word === 'mark') this.mark(value === 'before' ? value : 'after');
      else if (word === 'each') this.values.each.push(Number(value));
      else if (word === 'memory' || word === 'used') this.values[word] = Number(value);
      else console.error(line);
    }
  }

  /** With the exit: what still sleeps must not hold the process. */
  end(code = 0) {
    process.stdout.write(`${JSON.stringify(this.values)}\n`, () => process.exit(code));
  }
}
