#include "access/record.hpp"

#include <algorithm>
#include <cstdio>

#include "model/foreign_text.hpp"

namespace garita::access {

namespace {

constexpr std::size_t lines_in_page = 500;

std::string line_start(const AccessLine& line) {
    const auto place = line.place.empty() ? std::string() : line.place + ' ';
    switch (line.kind) {
        case AccessLine::Kind::sent:
            return place + "> ";
        case AccessLine::Kind::answered:
            return place + "< ";
        case AccessLine::Kind::event:
            return place + "* ";
        case AccessLine::Kind::letter:
            return "| ";
        case AccessLine::Kind::note:
            break;
    }
    return line.place.empty() ? std::string() : line.place + ": ";
}

void add_lines(std::string& out, const AccessLine& line, const LocalClock* clock) {
    const auto start = line_start(line);
    const auto time = local_time_text(line.at, clock);
    std::string_view text = line.text;
    do {
        const auto end = std::min(text.find('\n'), text.size());
        out += time + "  " + start + std::string(text.substr(0, end)) + '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
    } while (!text.empty());
}

/// Where a line begins, at `at` or behind it.
std::size_t line_after(std::string_view text, std::size_t at) {
    const auto end = text.find('\n', at);
    return end == std::string_view::npos ? text.size() : end + 1;
}

void stand_in(std::string& out, const Character& character, std::string_view) {
    if (risk_of(character) == CharacterRisk::broken) out += "\xEF\xBF\xBD";
    if (risk_of(character) == CharacterRisk::control) out += ' ';
}

void ellipsis(std::string& out, std::size_t) {
    out += "…";
}

std::string head_of(const AccessRequest& request, const LocalClock* clock) {
    std::string head = request.tracking() + "  " + request.mac.text() + "  " +
                       std::string(to_text(request.state)) + (request.dry_run ? "  (dry run)" : "") + '\n';
    head += "approved by " + request.approver + " (" + request.channel +
            (request.proof.empty() ? "" : ", " + request.proof) + "), " +
            local_time_text(request.created_at, clock) + '\n';
    if (!request.switch_name.empty()) head += "at " + request.switch_name + ' ' + request.port + '\n';
    if (!request.outcome.empty()) head += request.outcome + '\n';
    return head + '\n';
}

}  // namespace

std::string local_time_text(Time at, const LocalClock* clock) {
    const auto local = std::chrono::floor<std::chrono::seconds>(at) +
                       (clock != nullptr ? clock->offset(at) : std::chrono::seconds{0});
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(local - day);
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return text;
}

std::string record_text(const AccessRequest& request, const std::vector<AccessLine>& log,
                        const LocalClock* clock, std::size_t longest) {
    auto text = head_of(request, clock);
    for (const auto& line : log)
        add_lines(text, line, clock);
    if (text.size() <= longest) return text;
    const auto first = line_after(text, longest / 2);
    const auto second = line_after(text, std::max(first, text.size() - longest / 2));
    return text.substr(0, first) + "[… " + std::to_string(second - first) + " bytes left out …]\n" +
           text.substr(second);
}

std::string record_text(store::View& view, store::AccessBook& book, const AccessRequest& request,
                        const LocalClock* clock, std::size_t longest) {
    std::vector<AccessLine> log;
    while (true) {
        const auto page = book.log(view, request.id, log.empty() ? 0 : log.back().id, lines_in_page);
        log.insert(log.end(), page.begin(), page.end());
        if (page.size() < lines_in_page) break;
    }
    return record_text(request, log, clock, longest);
}

std::string clean_lines(std::string_view foreign, std::size_t longest) {
    constexpr std::string_view mark = "…";
    std::string out;
    while (!foreign.empty()) {
        if (out.size() >= longest) return out.ends_with(mark) ? out : out + std::string(mark);
        const auto end = std::min(foreign.find('\n'), foreign.size());
        auto line = foreign.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        out += clean_text(line, {Cleaning::Measure::bytes, longest - out.size(), 0, stand_in, ellipsis});
        foreign.remove_prefix(std::min(end + 1, foreign.size()));
        if (!foreign.empty() && out.size() < longest) out += '\n';
    }
    return out;
}

}  // namespace garita::access
