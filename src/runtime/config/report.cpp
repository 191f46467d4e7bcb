#include "runtime/config/report.hpp"

#include "runtime/config/json_text.hpp"
#include "runtime/config/rule_check.hpp"
#include "runtime/config/values.hpp"
#include "runtime/log/log.hpp"

namespace garita::runtime {

namespace {

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
    return std::to_string(count) + ' ' + std::string(count == 1 ? one : many);
}

std::string hub_summary(const Node& root) {
    std::string out = counted(at(root, "agents").entries.size(), "agent", "agents");
    out += ", " + counted(at(root, "people").entries.size(), "person", "people");
    if (const auto& tokens = at(root, "tokens").entries; !tokens.empty())
        out += ", " + counted(tokens.size(), "token", "tokens");
    if (at(root, "telegram").kind == Node::Kind::map)
        out += ", Telegram to " + counted(at(root, "telegram.chats").items.size(), "chat", "chats");
    if (at(root, "mail").kind == Node::Kind::map)
        out += ", mail to " + counted(at(root, "mail.to").items.size(), "person", "people");
    out += ", " + counted(at(root, "policies").items.size(), "policy", "policies");
    if (const auto& devices = at(root, "devices").entries; !devices.empty())
        out += ", rules on " + counted(devices.size(), "device", "devices");
    if (at(root, "access").kind == Node::Kind::map)
        out += ", access at " + counted(at(root, "access.switches").entries.size(), "switch", "switches");
    return out;
}

bool enabled(const Node& detector) {
    const Node* written = detector.find("enabled");
    return written == nullptr || parse_yes_no(written->scalar).value_or(true);
}

std::string agent_summary(const Node& root) {
    std::string watched;
    const auto add = [&](const std::string& name) { watched += (watched.empty() ? "" : ", ") + name; };
    for (const std::string_view name : {"ssh_sessions", "http_errors", "cpu_load"})
        if (enabled(at(root, "detectors." + std::string(name)))) add(std::string(name));
    for (const Node::Entry& pattern : at(root, "detectors.log_patterns").entries)
        if (enabled(pattern.value)) add("log_patterns " + pattern.key);
    return at(root, "agent.name").scalar + " at " + at(root, "agent.hub").scalar + ", " +
           (watched.empty() ? "watches nothing" : "watches " + watched);
}

std::string json_of(std::string_view text) {
    return json_text(escape_foreign(text));
}

std::string problem_json(const Problem& problem) {
    std::string out = R"({"weight": )";
    out += problem.weight == Problem::Weight::error ? R"("error")" : R"("warning")";
    out += R"(, "line": )" + std::to_string(problem.position.line);
    out += R"(, "column": )" + std::to_string(problem.position.column);
    out += R"(, "path": )" + json_of(problem.path) + R"(, "what": )" + json_of(problem.what);
    out += R"(, "allowed": )" + json_of(problem.allowed) + R"(, "nearest": )" + json_of(problem.nearest);
    return out + '}';
}

}  // namespace

std::string summary(const Document& document) {
    return document.kind() == FileKind::hub ? hub_summary(document.root()) : agent_summary(document.root());
}

std::string report_text(const Document& document) {
    std::string out;
    std::size_t errors = 0;
    for (const Problem& problem : document.problems()) {
        out += problem.text(document.name()) + '\n';
        if (problem.weight == Problem::Weight::error) ++errors;
    }
    out += document.name();
    return out +
           (errors == 0 ? ": fine: " + summary(document) : ": " + counted(errors, "mistake", "mistakes")) +
           '\n';
}

std::string report_json(const std::vector<Document>& documents) {
    std::string files;
    for (const Document& document : documents) {
        std::string problems;
        for (const Problem& problem : document.problems())
            problems += (problems.empty() ? "" : ", ") + problem_json(problem);
        files += files.empty() ? "" : ", ";
        files += R"({"file": )" + json_of(document.name());
        files += R"(, "kind": )" + (document.kind() ? json_text(to_string(*document.kind())) : "null");
        files += std::string(R"(, "fine": )") + (document.fine() ? "true" : "false");
        files += R"(, "summary": )" + json_of(document.fine() ? summary(document) : "");
        files += R"(, "problems": [)" + problems + "]}";
    }
    return R"({"files": [)" + files + "]}\n";
}

}  // namespace garita::runtime
