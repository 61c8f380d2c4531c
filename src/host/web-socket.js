export const operations = () => ({ starts: {}, cancel() {}, stop() {} });
