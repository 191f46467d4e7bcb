#include "programs/access/access_check.hpp"

#include <sstream>

#include "access/port_range.hpp"
#include "runtime/config/switch_config.hpp"

namespace garita::programs {
namespace {

std::string why_wrong(const runtime::Section& access, const std::string& file) {
    const auto inventory = runtime::read_inventory(access, file, runtime::FetchSecrets::no);
    if (!inventory) return inventory.error().text;
    const auto checked = check_switches(inventory->switches);
    return checked ? std::string() : checked.error().text;
}

}  // namespace

Result<void> check_switches(const std::vector<runtime::SwitchConfig>& switches) {
    std::string problems;
    for (const auto& one : switches)
        for (const auto& range : one.never)
            if (const auto ports = access::parse_port_range(range); !ports)
                problems += (problems.empty() ? "" : "\n") + one.place.text() + ": switches." + one.name +
                            ".never: " + ports.error().text;
    if (problems.empty()) return {};
    return fail(ErrorCode::invalid, problems);
}

std::vector<runtime::Problem> access_problems(const runtime::Document& document) {
    std::vector<runtime::Problem> problems;
    if (!document.fine() || document.kind() != runtime::FileKind::hub) return problems;
    const runtime::Section root(&document.root(), runtime::shape_of(runtime::FileKind::hub));
    if (!root.given("access")) return problems;
    std::istringstream lines(why_wrong(root.section("access"), document.name()));
    for (std::string line; std::getline(lines, line);) {
        runtime::Problem problem;
        problem.position = root.node("access")->position;
        problem.path = "access";
        problem.what = line;
        problems.push_back(std::move(problem));
    }
    return problems;
}

}  // namespace garita::programs
