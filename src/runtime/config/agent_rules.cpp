#include "runtime/config/checker.hpp"
#include "runtime/config/rule_check.hpp"
#include "runtime/config/section.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {

namespace {

std::string default_of(std::string_view path) {
    for (const Setting& setting : settings(FileKind::agent))
        if (setting.path == path) return std::string(setting.fallback);
    return {};
}

/// One detector's values, written or default, so that a value is also held against the default of the other.
class DetectorCheck {
  public:
    DetectorCheck(const Node& root, std::string path, std::vector<Problem>& problems)
        : path_(std::move(path)), check_(at(root, path_), path_, problems) {}

    void in_order(std::string_view smaller, std::string_view larger) {
        const auto least = parse_percent(value(smaller));
        const auto most = parse_percent(value(larger));
        if (least && most && *least > *most) complain(smaller, larger);
    }
    void in_order_of_time(std::string_view smaller, std::string_view larger) {
        const auto least = parse_span(value(smaller));
        const auto most = parse_span(value(larger));
        if (least && most && *least > *most) complain(smaller, larger);
    }

  private:
    [[nodiscard]] std::string value(std::string_view key) const {
        return check_.given(key) ? std::string(check_.text(key)) : default_of(path_ + '.' + std::string(key));
    }
    void complain(std::string_view smaller, std::string_view larger) {
        const std::string_view key = check_.given(smaller) ? smaller : larger;
        check_.error(key,
                     std::string(smaller) + " (" + value(smaller) + ") is above " + std::string(larger) +
                         " (" + value(larger) + ')',
                     std::string(smaller) + " at most " + std::string(larger));
    }

    std::string path_;
    RuleCheck check_;
};

void check_log_patterns(const Node& root, std::vector<Problem>& problems) {
    for (const Node::Entry& entry : at(root, "detectors.log_patterns").entries) {
        RuleCheck check(entry.value, "detectors.log_patterns." + entry.key, problems);
        if (check.given("enabled") && parse_yes_no(check.text("enabled")) == false) continue;
        if (!check.has_entries("files") && !check.given("unit"))
            check.error("", "nothing to read", "`files` or `unit`");
        if (!check.has_entries("patterns") && !check.given("filter"))
            check.error("", "nothing to look for", "`filter` or `patterns`");
    }
}

}  // namespace

void check_agent_rules(const Node& root, std::vector<Problem>& problems) {
    DetectorCheck(root, "detectors.http_errors", problems).in_order("warning", "critical");
    DetectorCheck cpu(root, "detectors.cpu_load", problems);
    cpu.in_order("warning", "critical");
    cpu.in_order("hysteresis", "warning");
    cpu.in_order_of_time("interval", "window");
    check_log_patterns(root, problems);
    check_own_classes(root, problems);
}

}  // namespace garita::runtime
