# Every target installs what it needs where it may, and says what is missing where it may not.
.PHONY: help run test check torture dev deb
export ONLY

help:    ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## /\1	/p' $(MAKEFILE_LIST)

run:     ## build and open on the demo hospital; without a display: picture and headless day. ARGS go to the program
	@scripts/run.sh $(ARGS)

test:    ## every test; last line: N passed, N failed. ONLY=Rust takes the steps of that name
	@scripts/test.sh

check:   ## the quick tests, while one works
	@scripts/check.sh

torture: ## try to break every promise, at full size; TORTURE=1 for a quarter of an hour
	@TORTURE=$${TORTURE:-20} scripts/torture.sh

dev:     ## the window on the development server, reloading as files change
	@scripts/dev.sh $(ARGS)

deb:     ## the Debian package, into out/
	@scripts/deb.sh
