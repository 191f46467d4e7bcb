#include "runtime/config/rule_check.hpp"

#include <algorithm>

#include "model/alert_kinds.hpp"
#include "runtime/config/value_check.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {

const Node& at(const Node& root, std::string_view path) {
    static const Node nothing;
    const Node* place = &root;
    for (const std::string_view step : split_names(path, '.')) {
        place = place->find(step);
        if (place == nullptr) return nothing;
    }
    return *place;
}

std::string_view RuleCheck::text(std::string_view key) const {
    const Node* found = node_.find(key);
    return found == nullptr ? std::string_view() : std::string_view(found->scalar);
}

bool RuleCheck::given(std::string_view key) const {
    return !text(key).empty();
}

bool RuleCheck::has_entries(std::string_view key) const {
    const Node* found = node_.find(key);
    return found != nullptr && !(found->items.empty() && found->entries.empty());
}

std::optional<std::int64_t> RuleCheck::number(std::string_view key) const {
    return parse_percent(text(key));
}

void RuleCheck::error(std::string_view key, std::string what, std::string allowed, std::string nearest) {
    add(Problem::Weight::error, key, std::move(what), std::move(allowed), std::move(nearest));
}

void RuleCheck::warning(std::string_view key, std::string what, std::string allowed, std::string nearest) {
    add(Problem::Weight::warning, key, std::move(what), std::move(allowed), std::move(nearest));
}

void RuleCheck::add(Problem::Weight weight, std::string_view key, std::string what, std::string allowed,
                    std::string nearest) {
    const Node* found = key.empty() ? nullptr : node_.find(key);
    const std::string path = found == nullptr ? path_ : path_ + '.' + std::string(key);
    problems_.push_back({weight, found == nullptr ? node_.position : found->position, path, std::move(what),
                         std::move(allowed), std::move(nearest)});
}

void check_kinds(const Node& kinds, const std::string& path, std::vector<Problem>& problems) {
    std::vector<std::string_view> known;
    for (const AlertKind& one : alert_kinds())
        known.push_back(one.name);
    for (std::size_t i = 0; i < kinds.items.size(); ++i) {
        const std::string& kind = kinds.items[i].scalar;
        const bool exact = std::find(known.begin(), known.end(), kind) != known.end();
        const auto nearest = exact ? std::string() : nearest_name(kind, known);
        if (!nearest.empty())
            RuleCheck(kinds.items[i], path + '[' + std::to_string(i) + ']', problems)
                .error("", shown(kind) + " is not a kind of alert", {}, nearest);
    }
}

}  // namespace garita::runtime
