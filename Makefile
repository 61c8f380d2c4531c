# Everything that is typed in a checkout. Each target installs what it needs: npm packages here, Emscripten by
# emsdk-config/. Node.js 20 or newer and make are all that must be there.

.DEFAULT_GOAL := all
.PHONY: all library package run test web bench bench-full bench-check soak test-hosts lint clean help
.DELETE_ON_ERROR:

# npm writes this file at the end of every install: newer than the lockfile means up to date.
installed := node_modules/.package-lock.json

all: library package ## build the C library and the npm package

$(installed): package.json package-lock.json tests/hosts/package.json
	npm ci --no-audit --no-fund
	@touch $@

library: ## build build/libwasyncio.a (only what has changed)
	@node emsdk-config/make.js

package: dist/.done ## build dist/: the npm package's minified modules for web pages, and its types

dist/.done: $(installed) tsconfig.json scripts/dist.js $(shell find src emsdk-config -type f)
	npm run --silent dist
	npm run --silent types
	@touch $@

run: $(installed) library ## the main example: 500 URLs, ten at a time, against a server of its own
	@node examples/run.js fetch_limited

test: $(installed) library ## every test
	@node tests/run.js

web: $(installed) library ## serve the page with the examples
	@node web/serve.js

bench: $(installed) library ## measure, side by side with the alternatives
	@node bench/run.js
	@node bench/http.js

bench-full: $(installed) library ## the same with every peer (Go, Pyodide, CPython, p-limit), in pages too, and the plots; about an hour
	@node bench/run.js --full --rounds 5 --json build/bench.json --plot build/bench.svg
	@node bench/size.js
	@node bench/growth.js
	@node bench/http.js
	@node bench/executor.js
	@node bench/page.js

bench-check: $(installed) library ## count the instructions of a yield, a task, a cancel, …, and compare with what is recorded
	@node bench/check.js

soak: $(installed) library ## one hour of virtual time, 10,000,000 tasks: nothing is left, memory is flat
	@node tests/soak/tasks.js

test-hosts: $(installed) library ## the same app.wasm behind fetch(request) in Deno, Bun and workerd (350 MB from npm at first; Linux on x64)
	@node tests/runtimes/run.js

lint: $(installed) ## formatting of the C sources, types of the JavaScript sources
	find src -name '*.[ch]' -print0 | xargs -0 clang-format --dry-run -Werror
	npm run --silent lint

clean: ## remove what was built (not node_modules)
	rm -rf build dist

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
