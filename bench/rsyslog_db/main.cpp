// garita-bench-rsyslog-db mariadb|postgresql PORT USER PASSWORD DATABASE: prints "ready" when it has read
// what stands in SystemEvents, and for each line of standard input polls once and prints "MICROSECONDS ROWS".

#include <iostream>
#include <string>

#include "adapters/rsyslog_db/poll.hpp"
#include "bench/support/measuring.hpp"

int main(int count, char** arguments) {
    using namespace garita;
    if (count != 6)
        bench::stop("usage: garita-bench-rsyslog-db mariadb|postgresql PORT USER PASSWORD DATABASE");
    rsyslog_db::Settings settings;
    settings.host = "127.0.0.1";
    settings.port = static_cast<std::uint16_t>(std::stoi(arguments[2]));
    settings.user = arguments[3];
    settings.password = runtime::Secret(arguments[4]);
    settings.database = arguments[5];
    settings.tls = rsyslog_db::Settings::Tls::off;
    const auto table = std::string(arguments[1]) == "mariadb" ? rsyslog_db::make_mariadb(settings)
                                                              : rsyslog_db::make_postgresql(settings);
    rsyslog_db::Poll poll(0, std::chrono::seconds(60));
    const auto look = [&] {
        return bench::must(
            poll.next(*table, std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now())));
    };
    do
        look();
    while (poll.is_behind());
    std::cout << "ready" << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        std::size_t rows = 0;
        const double ms = bench::took([&] {
            do
                rows += look().size();
            while (poll.is_behind());
        });
        std::cout << static_cast<long>(ms * 1000) << " " << rows << std::endl;
    }
    return 0;
}
