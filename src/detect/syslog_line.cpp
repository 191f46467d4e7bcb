#include "detect/syslog_line.hpp"

#include "detect/text_scan.hpp"

namespace garita::detect {

std::optional<SyslogFields> split_syslog_line(std::string_view line) {
    SyslogFields fields;
    if (line.size() < SyslogClock::length + 6) return std::nullopt;
    if (is_digit(line.front())) {
        fields.stamp = eat_word(line);
        if (fields.stamp.size() < 20 || fields.stamp[10] != 'T') return std::nullopt;
    } else {
        if (line[3] != ' ' || line[6] != ' ' || line[9] != ':') return std::nullopt;
        fields.stamp = line.substr(0, SyslogClock::length);
        line.remove_prefix(SyslogClock::length);
        if (!eat(line, " ")) return std::nullopt;
    }
    fields.host = eat_word(line);
    const auto tag_end = line.find_first_of("[: ");
    if (tag_end == std::string_view::npos || tag_end == 0 || line[tag_end] == ' ') return std::nullopt;
    fields.program = line.substr(0, tag_end);
    if (line[tag_end] == '[') {
        const auto close = line.find(']', tag_end);
        if (close == std::string_view::npos) return std::nullopt;
        const auto pid = decimal(line.substr(tag_end + 1, close - tag_end - 1));
        if (!pid) return std::nullopt;
        fields.pid = *pid;
        line.remove_prefix(close + 1);
    } else {
        line.remove_prefix(tag_end);
    }
    if (fields.host.empty() || !eat(line, ":")) return std::nullopt;
    (void)eat(line, " ");
    fields.message = line;
    return fields;
}

}  // namespace garita::detect
