// Parameters and values of rules. Invariants: what is read from a text is written in a form that is read as
// the same bytes, the bytes unpack, and bytes that unpack are those of their own text.

#include <array>
#include <string>

#include "model/ready_classes.hpp"
#include "model/rule_class.hpp"
#include "target.hpp"

namespace {

using namespace garita;
using fuzz::must;

ParamSpec spec(ParamType type, std::string name = "first") {
    ParamSpec made;
    made.name = std::move(name);
    made.type = type;
    made.words = {"open", "closed"};
    return made;
}

const std::vector<RuleClass>& classes() {
    static const std::vector<RuleClass> all = [] {
        std::vector<RuleClass> made;
        for (const auto& ready : ready_classes())
            made.push_back(*ready_class(ready.name));
        for (int i = 0; i <= static_cast<int>(ParamType::word); ++i) {
            const auto type = static_cast<ParamType>(i);
            made.emplace_back("one", std::vector{spec(type)}, spec(type));
            made.emplace_back("two", std::vector{spec(type), spec(ParamType::port, "second")}, spec(type));
        }
        return made;
    }();
    return all;
}

void texts(const RuleClass& rules, std::string_view text) {
    if (const auto key = rules.read_params(text)) {
        must(rules.unpack(*key).has_value());
        const auto again = rules.read_params(rules.params_text(*key));
        must(again && *again == *key);
    } else {
        must(fuzz::printable(key.error().text) && key.error().text.size() < 500);
    }
    if (const auto value = rules.read_value(text)) {
        must(rules.unpack(*value).has_value());
        const auto again = rules.read_value(rules.value_text(*value));
        must(again && *again == *value);
    } else {
        must(fuzz::printable(value.error().text) && value.error().text.size() < 500);
    }
}

template <typename P>
P packed(std::string_view bytes) {
    P made;
    must(made.append(
        {reinterpret_cast<const std::uint8_t*>(bytes.data()), std::min(bytes.size(), P::capacity)}));
    return made;
}

void bytes(const RuleClass& rules, std::string_view raw) {
    const auto key = packed<RuleKey>(raw);
    const auto params = rules.params_text(key);
    must(fuzz::printable(params));
    if (rules.unpack(key)) must(*rules.read_params(params) == key);
    const auto value = packed<RuleValue>(raw);
    const auto text = rules.value_text(value);
    must(fuzz::printable(text));
    if (rules.unpack(value)) must(*rules.read_value(text) == value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    for (const auto& rules : classes()) {
        texts(rules, text);
        bytes(rules, text);
    }
    return 0;
}
