// How long the rates of N subscribers take into the kernel, beside bare writes to it, and whether traffic
// keeps to them. Usage: garita-bench-speeds N SECONDS FOLDER

#include "limiter_bench.hpp"
#include "report.hpp"
#include "tc_bench.hpp"

int main(int argc, char** argv) {
    using namespace garita::bench;
    if (argc != 4) stop("usage: garita-bench-speeds N SECONDS FOLDER");
    const auto count = static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10));
    const int seconds = std::atoi(argv[2]);
    if (count < 1000 || seconds < 1) stop("needs a count from 1000 and seconds from 1");
    std::setbuf(stdout, nullptr);
    bench_limiter(count, seconds, argv[3]);
    bench_tc(count < 100'000 ? 1000 : 10'000, seconds);
    return 0;
}
