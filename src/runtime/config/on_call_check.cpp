// What no single row of on call and of quiet hours can say.

#include <algorithm>
#include <map>

#include "model/mail_identity.hpp"
#include "model/span.hpp"
#include "runtime/config/checker.hpp"
#include "runtime/config/on_call_config.hpp"
#include "runtime/config/rule_check.hpp"
#include "runtime/config/value_check.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {

namespace {

using Names = std::vector<std::string>;

Names keys_below(const Node& node) {
    Names keys;
    for (const Node::Entry& entry : node.entries)
        keys.push_back(entry.key);
    return keys;
}

Names addresses_of(const Node& to) {
    Names addresses;
    for (const Node& one : to.items)
        if (auto address = parse_mail_address(at(one, "address").scalar))
            addresses.push_back(std::move(*address));
    return addresses;
}

std::string in_a_row(const Names& names) {
    std::string text;
    for (const auto& name : names)
        text.append(text.empty() ? "" : ", ").append(name);
    return text;
}

std::string nearest_of(std::string_view name, const Names& names) {
    std::vector<std::string_view> known;
    for (const auto& one : names)
        known.emplace_back(one);
    return nearest_name(name, known);
}

/// Who can be named in a step, whichever way. A chat has two names, its own and its id.
class Steps {
  public:
    Steps(const Node& root, std::vector<Problem>& problems) : problems_(problems) {
        for (const Node& chat : at(root, "telegram.chats").items) {
            const auto id = at(chat, "id").scalar;
            const auto name = at(chat, "name").scalar;
            ids_[id] = id;
            if (!name.empty()) ids_[name] = id + at(chat, "thread").scalar;
        }
        for (const auto& [name, id] : ids_)
            known_["chats"].push_back(name);
        known_["mail"] = addresses_of(at(root, "mail.to"));
        known_["webhooks"] = keys_below(at(root, "webhooks"));
        known_["exec"] = keys_below(at(root, "exec"));
    }

    void check(const Node& step, std::size_t number) {
        const auto path = "on_call.steps[" + std::to_string(number) + ']';
        RuleCheck check(step, path, problems_);
        std::size_t named = 0;
        for (const auto& [kind, names] : known_) {
            const auto& items = at(step, kind).items;
            named += items.size();
            auto list = path;
            list.append(1, '.').append(kind).append(1, '[');
            for (std::size_t i = 0; i < items.size(); ++i)
                check_name(items[i], kind, list + std::to_string(i) + ']', number);
        }
        if (named == 0) check.error("", "this step names nobody", "chats, mail, webhooks, exec");
        const auto after = parse_span(check.text("after"));
        if (after && last_ && *after <= *last_)
            check.error("after", "each step is later than the one before",
                        "more than " + format_span(*last_));
        if (after) last_ = *after;
    }

  private:
    void check_name(const Node& item, const std::string& kind, const std::string& path, std::size_t number) {
        RuleCheck check(item, path, problems_);
        const auto name = kind == "mail" ? parse_mail_address(item.scalar).value_or("") : item.scalar;
        const auto& names = known_.at(kind);
        if (name.empty()) return;
        if (std::find(names.begin(), names.end(), name) == names.end())
            return check.error("", shown(name) + " is not one of " + places_.at(kind), in_a_row(names),
                               nearest_of(name, names));
        const auto same = kind == "chats" ? ids_.at(name) : name;
        const auto [first, fresh] = seen_.emplace(std::pair(kind, same), number);
        if (!fresh)
            check.error("", shown(name) + " is already in steps[" + std::to_string(first->second) + ']');
    }

    static inline const std::map<std::string, std::string> places_ = {
        {"chats", "telegram.chats"}, {"mail", "mail.to"}, {"webhooks", "webhooks"}, {"exec", "exec"}};
    std::vector<Problem>& problems_;
    std::map<std::string, std::string> ids_;  ///< of chats
    std::map<std::string, Names> known_;
    std::map<std::pair<std::string, std::string>, std::size_t> seen_;
    std::optional<std::chrono::seconds> last_;
};

void check_chat_names(const Node& root, std::vector<Problem>& problems) {
    const auto& chats = at(root, "telegram.chats").items;
    std::map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < chats.size(); ++i) {
        RuleCheck check(chats[i], "telegram.chats[" + std::to_string(i) + ']', problems);
        if (!check.given("name")) continue;
        const auto [first, fresh] = seen.emplace(check.text("name"), i);
        if (!fresh) check.error("name", "chats[" + std::to_string(first->second) + "] has this name already");
    }
}

void check_quiet(const Node& recipient, const std::string& path, std::vector<Problem>& problems) {
    const Node& quiet = at(recipient, "quiet");
    if (quiet.kind != Node::Kind::map) return;
    RuleCheck check(quiet, path + ".quiet", problems);
    if (!check.given("hours")) return check.error("", "quiet hours need `hours`", "\"22:00-07:00\"");
    const auto hours = parse_day_hours(check.text("hours"));
    if (!hours)
        return check.error("hours",
                           shown(check.text("hours")) + " is no span between two different times of day",
                           "\"22:00-07:00\"");
    const bool whole_day = hours->from.count() == 0 && hours->to == std::chrono::hours{24};
    if (whole_day && at(quiet, "days").items.empty())
        check.error("hours", "they would never end", "`severity` says which cases somebody wants at all");
}

}  // namespace

void check_on_call(const Node& root, std::vector<Problem>& problems) {
    const auto check_items = [&](const std::string& path) {
        const auto& items = at(root, path).items;
        for (std::size_t i = 0; i < items.size(); ++i)
            check_quiet(items[i], path + '[' + std::to_string(i) + ']', problems);
    };
    check_chat_names(root, problems);
    check_items("telegram.chats");
    check_items("mail.to");
    for (const std::string path : {"webhooks", "exec"})
        for (const Node::Entry& sink : at(root, path).entries)
            check_quiet(sink.value, path + '.' + sink.key, problems);
    const Node& on_call = at(root, "on_call");
    if (on_call.kind != Node::Kind::map) return;
    const auto& items = at(on_call, "steps").items;
    if (items.empty())
        RuleCheck(on_call, "on_call", problems)
            .warning("steps", "no step: a case can be taken on, and nobody is told when nobody answers");
    Steps steps(root, problems);
    for (std::size_t i = 0; i < items.size(); ++i)
        steps.check(items[i], i);
}

}  // namespace garita::runtime
