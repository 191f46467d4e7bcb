#include "detect/http_errors.hpp"

#include "detect/text_scan.hpp"

namespace garita::detect {
namespace {

struct StatusRange {
    unsigned first;
    unsigned last;
};

std::optional<StatusRange> status_range(std::string_view text) {
    const auto status = [](std::string_view digits) -> std::optional<unsigned> {
        const auto value = decimal(digits);
        if (digits.size() != 3 || !value || *value < 100 || *value > 599) return std::nullopt;
        return *value;
    };
    if (text.size() == 3 && (text.substr(1) == "xx" || text.substr(1) == "XX")) {
        if (text[0] < '1' || text[0] > '5') return std::nullopt;
        const auto base = static_cast<unsigned>(text[0] - '0') * 100;
        return StatusRange{base, base + 99};
    }
    const auto dash = text.find('-');
    const auto first = status(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : status(text.substr(dash + 1));
    if (!first || !last || *first > *last) return std::nullopt;
    return StatusRange{*first, *last};
}

std::string_view without_line_end(std::string_view line) {
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
        line.remove_suffix(1);
    return line;
}

}  // namespace

Result<StatusSet> StatusSet::parse(std::string_view text) {
    StatusSet set;
    while (true) {
        const auto comma = text.find(',');
        const auto item = text.substr(0, comma);
        const auto range = status_range(item);
        if (!range)
            return fail(ErrorCode::invalid,
                        "'" + std::string(item.substr(0, 40)) +
                            "' is no HTTP status: write 404, 4xx, 400-499, or several with commas");
        for (unsigned status = range->first; status <= range->last; ++status)
            set.bits_.set(status);
        if (comma == std::string_view::npos) return set;
        text.remove_prefix(comma + 1);
    }
}

HttpErrorReader::HttpErrorReader(HttpErrorSource source)
    : source_(std::move(source)),
      layout_(source_.format == AccessLogFormat::vhost_combined ? AccessLogLayout::with_host
                                                                : AccessLogLayout::plain),
      json_(source_.json_keys) {}

HttpLineKind HttpErrorReader::read(std::string_view line, HttpErrorEvent& event) {
    const bool json = source_.format == AccessLogFormat::json ||
                      (source_.format == AccessLogFormat::automatic && !line.empty() && line.front() == '{');
    return json ? read_json(line, event) : read_plain(line, event);
}

HttpLineKind HttpErrorReader::attribute(std::string_view address, std::string_view forwarded_for,
                                        HttpErrorEvent& event) const {
    const auto peer = scan_address(address);
    if (!peer) return HttpLineKind::unparsed;
    const auto client = source_.proxies.client(*peer, forwarded_for);
    if (!client) return HttpLineKind::from_proxy;
    event.address = *client;
    return HttpLineKind::match;
}

HttpLineKind HttpErrorReader::read_plain(std::string_view line, HttpErrorEvent& event) {
    const auto fields = split_access_log_line(line, layout_);
    if (!fields) return HttpLineKind::unparsed;
    if (!source_.statuses.contains(fields->status)) return HttpLineKind::other;
    const auto when = clf_.read(fields->time);
    if (!when) return HttpLineKind::unparsed;
    event.when = *when;
    event.status = fields->status;
    std::string_view forwarded_for;
    if (!source_.proxies.empty())
        forwarded_for = quoted_field(fields->rest, source_.forwarded_for_field).value_or(std::string_view{});
    return attribute(fields->address, forwarded_for, event);
}

HttpLineKind HttpErrorReader::read_json(std::string_view line, HttpErrorEvent& event) {
    const auto fields = json_.read(line);
    if (!fields) return HttpLineKind::unparsed;
    const auto status = decimal(fields->status);
    if (!status) return HttpLineKind::unparsed;
    if (!source_.statuses.contains(*status)) return HttpLineKind::other;
    auto when = iso_.read(fields->time);
    if (!when) when = read_epoch(fields->time);
    if (!when) when = clf_.read(fields->time);
    if (!when) return HttpLineKind::unparsed;
    event.when = *when;
    event.status = *status;
    return attribute(fields->address, fields->forwarded_for, event);
}

HttpErrors::HttpErrors(const HttpErrorOptions& options)
    : reader_(options.source),
      alarms_(options.limits, options.prefixes, options.thresholds),
      future_(options.future) {}

bool HttpErrors::reads(std::string_view line, HttpErrorEvent& event) {
    ++stats_.lines;
    const auto kind = reader_.read(without_line_end(line), event);
    if (kind == HttpLineKind::unparsed) ++stats_.unparsed;
    if (kind == HttpLineKind::from_proxy) ++stats_.from_proxy;
    if (kind == HttpLineKind::match) ++stats_.matched;
    return kind == HttpLineKind::match;
}

void HttpErrors::recall(std::string_view line, Time now) {
    HttpErrorEvent event;
    // when a line from the future was written cannot be known any more
    if (reads(line, event) && event.when <= std::chrono::floor<std::chrono::seconds>(now) + future_)
        (void)alarms_.add(event.address, event.when);
}

std::optional<Finding> HttpErrors::consume(std::string_view line, Time now) {
    HttpErrorEvent event;
    if (!reads(line, event)) return std::nullopt;
    const auto clock = std::chrono::floor<std::chrono::seconds>(now);
    if (event.when > clock + future_) {
        ++stats_.future;
        event.when = clock;
    }
    auto finding = alarms_.add(event.address, event.when);
    if (finding) {
        finding->kind = "http_errors";
        finding->facts["status"] = std::to_string(event.status);
        if (!finding->source.is_host()) finding->facts["last_address"] = event.address.text();
    }
    return finding;
}

HttpErrorStats HttpErrors::stats() const {
    auto stats = stats_;
    stats.window = alarms_.stats();
    return stats;
}

}  // namespace garita::detect
