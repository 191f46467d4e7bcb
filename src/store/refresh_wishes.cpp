#include "store/refresh_wishes.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace garita::store {
namespace {

constexpr std::size_t most_wishes = 1000;

std::string key_of(std::string_view source) {
    return "refresh." + std::string(source);
}

void keep(Transaction& transaction, std::string_view source, const std::vector<CaseId>& wishes) {
    std::string text;
    for (const auto id : wishes)
        text += (text.empty() ? "" : " ") + std::to_string(id.value);
    transaction.set_value(key_of(source), text);
}

}  // namespace

std::vector<CaseId> refresh_wishes(View& view, std::string_view source) {
    std::vector<CaseId> wishes;
    const auto text = view.value(key_of(source)).value_or("");
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at < end) {
        std::int64_t id = 0;
        const auto [stopped, error] = std::from_chars(at, end, id);
        if (error != std::errc{}) break;
        wishes.push_back(CaseId{id});
        at = stopped < end ? stopped + 1 : end;
    }
    return wishes;
}

void wish_refresh(Transaction& transaction, std::string_view source, CaseId id) {
    auto wishes = refresh_wishes(transaction, source);
    if (wishes.size() >= most_wishes || std::find(wishes.begin(), wishes.end(), id) != wishes.end()) return;
    wishes.push_back(id);
    keep(transaction, source, wishes);
}

void drop_refresh(Transaction& transaction, std::string_view source, CaseId id) {
    auto wishes = refresh_wishes(transaction, source);
    if (std::erase(wishes, id) > 0) keep(transaction, source, wishes);
}

}  // namespace garita::store
