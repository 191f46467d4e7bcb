# Two commands do everything on a fresh Debian 12: `make run` and `make test`.
.PHONY: help build install run stop test soak bench fuzz check format clean

help:       ## what there is
	@sed -n 's/^\([a-z]*\): .*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

build:      ## build/bin/garita and build/bin/garita-agent
	@scripts/install-deps.sh build
	@scripts/build.sh release

install:    ## programs, systemd units and examples below PREFIX (/usr/local) and DESTDIR
	@scripts/install.sh

run: build  ## watch this machine, in ask mode, with all state in ./var
	@scripts/run.sh

stop:       ## end what `make run` started elsewhere
	@scripts/run.sh stop

test:       ## everything: install, build, all tests, sanitizers, checks (STAGES="tests style" for some)
	@scripts/test.sh $(STAGES)

soak: build ## ten minutes of decisions while everything is killed and cut off (GARITA_SOAK_SECONDS, _DECISIONS, _KILLS)
	@scripts/install-deps.sh test
	@GARITA_SOAK_DECISIONS=$${GARITA_SOAK_DECISIONS:-10000} GARITA_SOAK_SECONDS=$${GARITA_SOAK_SECONDS:-600} \
	 GARITA_SOAK_KILLS=$${GARITA_SOAK_KILLS:-50} /usr/bin/python3 tests/integration/system/soak_test.py
	@GARITA_RULE_KILLS=$${GARITA_RULE_KILLS:-200} /usr/bin/python3 tests/integration/system/rule_kills_test.py

bench: build ## benchmarks beside their peers (GARITA_BENCH_SCALE=small for a short look)
	@scripts/install-deps.sh test
	@scripts/build.sh bench
	@bench/run.sh

fuzz:       ## every fuzz target for 60 s each (GARITA_FUZZ_SECONDS)
	@scripts/install-deps.sh test
	@scripts/fuzz.sh

check:      ## formatting, clang-tidy, structure
	@scripts/check.sh

format:     ## rewrite the sources in the project's format
	@git ls-files '*.cpp' '*.hpp' | xargs clang-format-14 -i

clean:
	rm -rf build
