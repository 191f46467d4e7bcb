// What no single row of an Alertmanager's settings can say.

#include "runtime/config/checker.hpp"
#include "runtime/config/rule_check.hpp"

namespace garita::runtime {

void check_alertmanagers(const Node& root, std::vector<Problem>& problems) {
    for (const Node::Entry& entry : at(root, "sources.alertmanager").entries) {
        RuleCheck check(entry.value, "sources.alertmanager." + entry.key, problems);
        // a secret is text or says where it is: {file: PATH}
        const auto has = [&](std::string_view key) { return check.given(key) || check.has_entries(key); };
        if (has("user") && !has("password")) check.error("user", "`user` needs a `password`");
        if (!has("user") && has("password")) check.error("password", "`password` needs a `user`");
        if (has("user") && has("token"))
            check.error("token", "there is one login only", "`token`, or `user` and `password`");
        const bool in_the_clear = check.text("url").starts_with("http:");
        for (const std::string_view key : {"ca", "pin"})
            if (in_the_clear && check.given(key))
                check.error(key, "there is no certificate without TLS", "an https URL");
    }
}

}  // namespace garita::runtime
