// Devices and their rules: what fits together.

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "model/ready_classes.hpp"
#include "model/rule.hpp"
#include "runtime/config/checker.hpp"
#include "runtime/config/device_config.hpp"
#include "runtime/config/param_text.hpp"
#include "runtime/config/rule_check.hpp"
#include "runtime/config/rule_places.hpp"
#include "runtime/config/value_check.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {
namespace {

using Names = std::vector<std::string_view>;

constexpr std::array<std::string_view, 6> vectors{"add", "change", "delete", "clear", "list", "batch"};

/// What the file of the agent says, where an agent keeps the rules.
constexpr std::array<std::string_view, 12> elsewhere{"backend", "kind",       "table",   "add",
                                                     "change",  "delete",     "clear",   "list",
                                                     "batch",   "batch_size", "timeout", "options"};

enum class Backend { here, at_agent };

bool contains(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string joined(const Names& names) {
    std::string out;
    for (const std::string_view name : names)
        out.append(out.empty() ? "" : ", ").append(name);
    return out;
}

/// One name of rules on one device. What single rows have found wrong is not told again.
class ClassCheck {
  public:
    ClassCheck(const Node::Entry& entry, std::string path, std::vector<Problem>& problems)
        : name_(entry.key), ready_(ready_class(entry.key)), check_(entry.value, std::move(path), problems) {}

    /// The description that has to be the same wherever the name stands.
    std::string run(Backend backend) {
        if (name_ == block_rule) check_.error("", "'block' is what agents do", "another name");
        if (backend == Backend::here && !check_.given("backend"))
            check_.error("backend", "'backend' is missing",
                         "nftables, limiter, tc, ipset, iptables, ipfw or command");
        if (backend == Backend::at_agent)
            for (const std::string_view key : elsewhere)
                if (check_.given(key) || check_.has_entries(key))
                    check_.warning(key, "has no effect: the agent's own file says how");
        std::string description = ready_ ? name_ : check_own();
        check_ready();
        if (backend == Backend::here) check_vectors();
        return description;
    }
    void refuse_other(const std::string& first) {
        check_.error("", "has other params, value or absent here than on " + first, "one meaning for a name");
    }
    [[nodiscard]] RuleCheck& check() { return check_; }

  private:
    std::string check_own() {
        if (!check_.has_entries("params") && !check_.given("value")) return refuse_name();
        std::vector<ParamSpec> params;
        std::string description;
        for (const Node::Entry& param : at(check_.node(), "params").entries) {
            auto spec = parse_param(param.key, param.value.scalar);
            if (!spec) return {};
            if (contains({"value", "rule", "table", "device"}, param.key))
                check_.error("params", shown(param.key) + " means something else in templates",
                             "another name");
            description += param.key + '=' + param_text(*spec) + ' ';
            params.push_back(std::move(*spec));
        }
        if (params.empty())
            check_.error("params", "what tells the rules apart is missing", "params: {ip: address}");
        if (!check_.given("value"))
            check_.error("value", "'value' is missing", "value: open|closed, value: rate");
        auto value = parse_param("value", check_.text("value"));
        if (params.empty() || !value) return {};
        const auto absent = check_.text("absent");
        if (!absent.empty())
            if (const auto read = RuleClass("", params, *value).read_value(absent); !read)
                check_.error("absent", read.error().text);
        return description + param_text(*value) + ' ' + std::string(absent);
    }

    /// Probably a slip in the name of a ready one.
    std::string refuse_name() {
        Names ready;
        for (const ReadyClass& one : ready_classes())
            ready.push_back(one.name);
        check_.error("", shown(name_) + " is not one of the ready ones",
                     joined(ready) + ", or `params` and `value`", nearest_name(name_, ready));
        return {};
    }

    void check_ready() {
        if (!ready_) return;
        for (const std::string_view key : {"params", "value", "absent"})
            if (check_.has_entries(key) || check_.given(key))
                check_.error(key, shown(name_) + " is a ready one, whose params and values are known",
                             "another name for rules of your own");
    }

    void check_vectors() {
        const auto backend = check_.text("backend");
        for (const std::string_view key : vectors) {
            if (!check_.has_entries(key)) continue;
            if (backend != "command")
                check_.warning(key, "has no effect: only backend command runs it");
            else
                check_vector(key);
        }
        if (backend != "command") return;
        for (const std::string_view key : {"add", "delete"})
            if (!check_.has_entries(key))
                check_.error(key, "backend command needs `" + std::string(key) + '`');
        if (!check_.has_entries("list") && !check_.has_entries("clear") &&
            !at(check_.node(), "options").find("destroy"))
            check_.warning(
                "clear",
                "without `clear`, `list` or option destroy nobody can remove what is on the device once "
                "these rules are not configured any more");
        if (!check_.has_entries("list"))
            check_.warning("list", "without `list` nobody can tell what others change on the device");
    }

    void check_vector(std::string_view key) {
        const bool line = check_.has_entries("batch") && (key == "add" || key == "change" || key == "delete");
        const Node& words = at(check_.node(), key);
        if (!line && !words.items.empty() && !is_absolute_path(words.items[0].scalar))
            check_.error(key, shown(words.items[0].scalar) + " is not the absolute path of a program");
        const bool of_one = key == "add" || key == "change" || key == "delete";
        for (const Node& word : words.items)
            check_placeholders(key, word.scalar, of_one);
    }

    void check_placeholders(std::string_view key, std::string_view word, bool of_one) {
        for (auto open = word.find('{'); open != std::string_view::npos; open = word.find('{')) {
            const auto close = word.find('}', open);
            if (close == std::string_view::npos)
                return check_.error(key, "a '{' without its '}' in " + shown(word), "{NAME} of a parameter");
            const auto inside = word.substr(open + 1, close - open - 1);
            const auto name = inside.substr(0, inside.find(':'));
            const auto known = placeholders(of_one && key != "delete");
            if (!of_one && !contains({"rule", "table", "device"}, name))
                check_.error(key, shown(inside) + " cannot stand here: it is run for all entries",
                             "{rule}, {table}, {device}");
            else if (of_one && !contains(known, name))
                check_.error(key, shown(inside) + " is not a parameter", joined(known),
                             nearest_name(name, known));
            word.remove_prefix(close + 1);
        }
    }

    [[nodiscard]] Names placeholders(bool with_value) const {
        Names known{"rule", "table", "device"};
        if (with_value) known.emplace_back("value");
        if (ready_) {
            for (const auto& spec : ready_->params())
                known.emplace_back(spec.name);
        } else {
            for (const Node::Entry& param : at(check_.node(), "params").entries)
                known.emplace_back(param.key);
        }
        return known;
    }

    const std::string& name_;
    std::optional<RuleClass> ready_;
    RuleCheck check_;
};

void check_connect(RuleCheck& device) {
    const auto connect = device.text("connect");
    const bool ssh = parse_ssh_target(connect).has_value();
    const Names words{"local", "agent"};
    if (device.given("connect") && !ssh && !contains(words, connect))
        device.error("connect", shown(connect) + " is no way to a device",
                     "local, agent, ssh://USER@HOST or ssh://USER@HOST:PORT", nearest_name(connect, words));
    for (const std::string_view key : {"ssh_key", "ssh_known_hosts"}) {
        if (device.given(key) && !ssh) device.warning(key, "has no effect: the device is not reached by SSH");
        if (!device.given(key) && ssh)
            device.error(key, '`' + std::string(key) + "` is missing", "absolute path of a file that exists");
    }
}

/// Which machine's kernel, or tables, the rules are in.
std::string machine_of(std::string_view connect) {
    const auto ssh = parse_ssh_target(connect);
    return ssh ? ssh->host + ':' + std::to_string(ssh->port) : std::string("local");
}

}  // namespace

void check_devices(const Node& root, std::vector<Problem>& problems) {
    struct First {
        std::string description, device;
    };
    std::map<std::string, First> seen;
    RulePlaces places;
    for (const Node::Entry& entry : at(root, "devices").entries) {
        const std::string path = "devices." + entry.key;
        RuleCheck device(entry.value, path, problems);
        if (entry.key == "all") device.error("", "'all' stands for every device", "another name");
        check_connect(device);
        const bool ssh = parse_ssh_target(device.text("connect")).has_value();
        const bool at_agent = device.text("connect") == "agent";
        for (const Node::Entry& rules : at(entry.value, "rules").entries) {
            ClassCheck check(rules, path + ".rules." + rules.key, problems);
            auto description = check.run(at_agent ? Backend::at_agent : Backend::here);
            const auto backend = check.check().text("backend");
            if (ssh && contains({"nftables", "limiter", "tc"}, backend))
                check.check().error(
                    "backend", std::string(backend) + " is spoken to by the kernel of the same machine only",
                    "ipset, iptables, ipfw or command, or an agent on the device");
            if (!at_agent)  // there the agent's own file says where
                places.take(machine_of(device.text("connect")), check.check(), rules.key,
                            rules.key + " of " + entry.key);
            if (description.empty()) continue;
            const auto [first, is_new] = seen.try_emplace(rules.key, First{description, entry.key});
            if (!is_new && first->second.description != description) check.refuse_other(first->second.device);
        }
    }
}

void check_own_classes(const Node& root, std::vector<Problem>& problems) {
    RulePlaces places;
    for (const Node::Entry& rules : at(root, "rules").entries) {
        ClassCheck check(rules, "rules." + rules.key, problems);
        (void)check.run(Backend::here);
        places.take("this host", check.check(), rules.key, rules.key);
    }
}

}  // namespace garita::runtime
