#include "programs/ports/port_check.hpp"

#include <sstream>

#include "runtime/config/build.hpp"
#include "runtime/config/port_config.hpp"
#include "scan/specification.hpp"

namespace garita::programs {
namespace {

std::string why_wrong(const runtime::Section& ports, const std::string& file) {
    const auto config = runtime::build_ports(ports, file);
    if (!config) return config.error().text;
    const auto made = scan::Specification::make(config->written);
    return made ? std::string() : made.error().text;
}

}  // namespace

std::vector<runtime::Problem> port_problems(const runtime::Document& document) {
    std::vector<runtime::Problem> problems;
    if (!document.fine() || document.kind() != runtime::FileKind::hub) return problems;
    const runtime::Section root(&document.root(), runtime::shape_of(runtime::FileKind::hub));
    if (!root.given("ports")) return problems;
    std::istringstream lines(why_wrong(root.section("ports"), document.name()));
    for (std::string line; std::getline(lines, line);) {
        runtime::Problem problem;
        problem.position = root.node("ports")->position;
        problem.path = "ports";
        problem.what = line;
        problems.push_back(std::move(problem));
    }
    return problems;
}

}  // namespace garita::programs
