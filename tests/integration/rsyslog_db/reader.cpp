// reader mariadb|postgresql HOST PORT USER PASSWORD DATABASE: for each line of standard input polls once, and
// prints "id mac port" of each event, "error TEXT", and then "done".
#include <chrono>
#include <iostream>
#include <string>

#include "access/port_event.hpp"
#include "adapters/rsyslog_db/poll.hpp"

int main(int count, char** arguments) {
    using namespace garita;
    if (count != 7) return 2;
    rsyslog_db::Settings settings;
    settings.host = arguments[2];
    settings.port = static_cast<std::uint16_t>(std::stoi(arguments[3]));
    settings.user = arguments[4];
    settings.password = runtime::Secret(arguments[5]);
    settings.database = arguments[6];
    settings.tls = rsyslog_db::Settings::Tls::off;
    const auto table = std::string(arguments[1]) == "mariadb" ? rsyslog_db::make_mariadb(settings)
                                                              : rsyslog_db::make_postgresql(settings);
    rsyslog_db::Poll poll(0, std::chrono::seconds(60));
    for (std::string line; std::getline(std::cin, line);) {
        const auto began = std::chrono::steady_clock::now();
        const auto rows =
            poll.next(*table, std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()));
        const auto took = std::chrono::steady_clock::now() - began;
        if (!rows) std::cout << "error " << rows.error().text << "\n";
        for (const auto& row : rows.value_or(std::vector<rsyslog_db::Row>{})) {
            const auto event = access::read_port_event(row.text);
            std::cout << row.id << " " << (event && event->mac ? event->mac->text() : "-") << " "
                      << (event ? event->port.short_text() : "-") << "\n";
        }
        std::cout << "done " << std::chrono::duration_cast<std::chrono::microseconds>(took).count()
                  << std::endl;
    }
    return 0;
}
