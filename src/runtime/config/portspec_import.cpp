#include "runtime/config/portspec_import.hpp"

#include <algorithm>
#include <array>

#include "model/port_specification.hpp"
#include "model/time.hpp"
#include "runtime/config/value_check.hpp"
#include "runtime/config/values.hpp"
#include "runtime/config/yaml_reader.hpp"
#include "runtime/log/log.hpp"

namespace garita::runtime {

namespace {

constexpr std::array<std::string_view, 12> known_keys = {
    "interval",   "ipv6",     "parallelscans", "hosts",        "scanports",  "sendemail",
    "smtpserver", "smtpport", "smtpusername",  "smtppassword", "alertemail", "fromemail"};
/// What each is called here.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> mail_keys = {{
    {"sendemail", "the section `mail`, for all alerts"},
    {"smtpserver", "mail.server"},
    {"smtpport", "mail.port"},
    {"smtpusername", "mail.user"},
    {"smtppassword", "mail.password: write it into that file, which only the hub's user may read"},
    {"alertemail", "mail.to"},
    {"fromemail", "mail.from"},
}};
constexpr std::int64_t shortest_interval = 10;

class Import {
  public:
    Import(const Node& root, const std::string& file) : root_(root), file_(file) {}

    Result<ImportedSpecification> run() {
        made_.text = "ports:\n";
        interval();
        ipv6();
        parallel();
        scanports();
        hosts();
        mail();
        unknown();
        if (!problems_.empty()) return fail(ErrorCode::invalid, problems_);
        return made_;
    }

  private:
    [[nodiscard]] std::string place(Position position) const {
        return file_ + ":" + std::to_string(position.line) + ": ";
    }
    void complain(Position position, const std::string& what) {
        problems_ += (problems_.empty() ? "" : "\n") + place(position) + what;
    }
    void note(Position position, const std::string& what) { made_.notes.push_back(place(position) + what); }

    void interval() {
        const Node* node = root_.find("interval");
        if (node == nullptr) return complain(root_.position, "`interval` is missing: a number of seconds");
        const auto seconds = parse_integer(node->scalar);
        if (!seconds || *seconds <= 0 || *seconds > 365LL * 86400)
            return complain(node->position, "interval " + shown(node->scalar) +
                                                " is no number of seconds between 1 and a year");
        if (*seconds < shortest_interval) note(node->position, "interval: 10 s is the shortest here");
        made_.text +=
            "  interval: " + format_span(std::chrono::seconds{std::max(*seconds, shortest_interval)}) + "\n";
    }
    void ipv6() {
        const Node* node = root_.find("ipv6");
        if (node == nullptr) return;
        const auto yes = parse_yes_no(node->scalar);
        if (!yes)
            return complain(node->position, "ipv6 " + shown(node->scalar) + " is neither true nor false");
        made_.text += std::string("  ipv6: ") + (*yes ? "yes" : "no") + "\n";
        note(node->position, "ipv6: PortSpec never looked at IPv6; here it is looked at");
    }
    void parallel() {
        const Node* node = root_.find("parallelscans");
        if (node == nullptr) return;
        const auto count = parse_integer(node->scalar);
        if (!count || *count < 1 || *count > 100'000)
            return complain(node->position, "parallelscans " + shown(node->scalar) + " is not 1 to 100000");
        made_.text += "  parallel_hosts: " + std::to_string(*count) + "\n";
        note(node->position, "parallelscans: PortSpec did not heed it; here it bounds the hosts at a time");
    }
    /// One list of ports; a value of its own counts as a list of one.
    PortSet ports(const Node& node, const std::string& what) {
        PortSet all;
        const auto take = [&](const Node& item) {
            const auto some = item.kind == Node::Kind::scalar ? PortSet::parse(item.scalar) : PortSet{};
            if (!some || item.kind != Node::Kind::scalar)
                return complain(
                    item.position,
                    what + ": " + (some ? std::string("a port belongs here") : some.error().text));
            if (!(all & *some).empty()) note(item.position, what + ": " + some->text() + " is named twice");
            all = all | *some;
        };
        if (node.kind == Node::Kind::scalar) take(node);
        for (const auto& item : node.items)
            take(item);
        if (node.kind == Node::Kind::map) complain(node.position, what + ": a list of ports belongs here");
        return all;
    }
    void scanports() {
        const Node* node = root_.find("scanports");
        if (node == nullptr || node->kind == Node::Kind::nothing)
            return complain(root_.position, "`scanports` is missing: the ports to look at");
        const auto all = ports(*node, "scanports");
        if (!all.empty()) made_.text += "  scanports: \"" + all.text() + "\"\n";
    }
    void hosts() {
        const Node* node = root_.find("hosts");
        if (node == nullptr || node->entries.empty())
            return complain(root_.position, "`hosts` is missing: names with the ports that must be open");
        made_.text += "  hosts:\n";
        for (const auto& [name, position, value] : node->entries) {
            const auto host = host_spelling(name);
            if (!host) {
                complain(position, "host " + shown(name) + " is neither a name nor an address");
                continue;
            }
            const auto must = ports(value, "host " + *host);
            made_.text += "    \"" + *host +
                          "\": {must: " + (must.empty() ? std::string("[]") : '"' + must.text() + '"') +
                          "}\n";
        }
    }
    void mail() {
        const Node* wanted = root_.find("sendemail");
        const bool send = wanted != nullptr && parse_yes_no(wanted->scalar) == true;
        for (const auto& [theirs, ours] : mail_keys)
            for (const auto& entry : root_.entries)
                if (entry.key == theirs)
                    note(entry.position,
                         entry.key + (send ? " is " : " is not taken over: mail is off; it would be ") +
                             std::string(ours));
        if (!send) return;
        made_.text += "mail:\n";
        single("smtpserver", "server");
        single("smtpport", "port");
        single("smtpusername", "user");
        if (root_.find("smtppassword") != nullptr)
            made_.text += "  password: {file: /etc/garita/mail.password}\n";
        single("fromemail", "from");
        const Node* recipients = root_.find("alertemail");
        if (recipients == nullptr || recipients->items.empty()) return;
        made_.text += "  to:\n";
        for (const auto& item : recipients->items)
            made_.text +=
                "    - {address: " + quoted(item.scalar) + ", kinds: [ports_drift, ports_unknown]}\n";
    }
    void single(std::string_view theirs, std::string_view ours) {
        const Node* node = root_.find(theirs);
        if (node == nullptr || node->scalar.empty()) return;
        made_.text += "  " + std::string(ours) + ": " + quoted(node->scalar) + "\n";
    }
    /// As YAML reads it back.
    static std::string quoted(std::string_view text) {
        std::string out = "\"";
        for (const char c : text) {
            if (c == '"' || c == '\\') out += '\\';
            out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
        }
        return out + '"';
    }
    void unknown() {
        for (const auto& entry : root_.entries)
            if (std::find(known_keys.begin(), known_keys.end(), entry.key) == known_keys.end())
                note(entry.position, shown(entry.key) + " means nothing to PortSpec, and is left out");
    }

    const Node& root_;
    const std::string& file_;
    ImportedSpecification made_;
    std::string problems_;
};

}  // namespace

Result<ImportedSpecification> import_portspec(std::string_view text, const std::string& file) {
    const YamlTree tree = read_yaml(text);
    std::string problems;
    for (const auto& problem : tree.problems)
        problems += (problems.empty() ? "" : "\n") + problem.text(file);
    if (!problems.empty() || !tree.complete) return fail(ErrorCode::invalid, problems);
    if (tree.root.kind != Node::Kind::map) return fail(ErrorCode::invalid, file + ": this is no conf.yml");
    return Import(tree.root, file).run();
}

}  // namespace garita::runtime
