#include "model/rule_class.hpp"

#include <set>
#include <stdexcept>

#include "model/param_packing.hpp"

namespace garita {
namespace {

tl::unexpected<Error> refuse(std::string_view name, const Error& why) {
    return fail(ErrorCode::invalid, std::string(name) + ": " + why.text);
}

template <std::size_t Capacity>
Result<Packed<Capacity>> packed(const std::vector<std::uint8_t>& bytes, std::string_view what) {
    Packed<Capacity> made;
    if (!made.append(bytes))
        return fail(ErrorCode::invalid, std::string(what) + ": too long: it takes " +
                                            std::to_string(bytes.size()) + " bytes, " +
                                            std::to_string(Capacity) + " are allowed");
    return made;
}

template <std::size_t Capacity>
std::string unreadable(const Packed<Capacity>& packed) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "?";
    for (const std::uint8_t byte : packed.bytes())
        (out += digits[byte >> 4U]) += digits[byte & 15U];
    return out;
}

std::string names_of(std::span<const ParamSpec> params) {
    std::string names;
    for (const auto& spec : params)
        names.append(names.empty() ? "" : " ").append(spec.name);
    return names;
}

}  // namespace

RuleClass::RuleClass(std::string name, std::vector<ParamSpec> params, ParamSpec value,
                     const std::string& absent)
    : name_(std::move(name)), params_(std::move(params)), value_(std::move(value)) {
    std::set<std::string_view> names;
    for (const auto& spec : params_)
        if (!names.insert(spec.name).second)
            throw std::invalid_argument("rules " + name_ + ": two parameters " + spec.name);
    if (params_.empty()) throw std::invalid_argument("rules " + name_ + ": no parameter");
    if (absent.empty()) return;
    const auto read = read_value(absent);
    if (!read) throw std::invalid_argument("rules " + name_ + ": absent: " + read.error().text);
    absent_ = *read;
}

std::optional<RuleValue> RuleClass::only_value() const {
    std::optional<RuleValue> only;
    for (const auto& word : value_.words) {
        const auto value = read_value(word);
        if (!value || absent_ == *value || only == *value) continue;
        if (only) return std::nullopt;
        only = *value;
    }
    return only;
}

Result<RuleKey> RuleClass::read_params(std::string_view text) const {
    std::vector<std::uint8_t> bytes;
    auto rest = text;
    for (std::size_t i = 0; i < params_.size(); ++i) {
        const bool last = i + 1 == params_.size();
        const auto end = rest.find(' ');
        if (last == (end != std::string_view::npos))
            return fail(ErrorCode::invalid,
                        (last ? "more than " : "fewer than ") + std::to_string(params_.size()) +
                            " parameters; wanted, with one space between: " + names_of(params_));
        const auto value = parse_value(params_[i], rest.substr(0, end));
        if (!value) return refuse(params_[i].name, value.error());
        append_packed(bytes, params_[i], *value);
        if (!last) rest.remove_prefix(end + 1);
    }
    return packed<RuleKey::capacity>(bytes, names_of(params_));
}

Result<RuleValue> RuleClass::read_value(std::string_view text) const {
    const auto value = parse_value(value_, text);
    if (!value) return refuse("value", value.error());
    std::vector<std::uint8_t> bytes;
    append_packed(bytes, value_, *value);
    return packed<RuleValue::capacity>(bytes, "value");
}

Result<std::vector<ParamValue>> RuleClass::unpack(const RuleKey& key) const {
    std::vector<ParamValue> values;
    auto rest = key.bytes();
    for (const auto& spec : params_) {
        auto value = take_packed(rest, spec);
        if (!value)
            return fail(ErrorCode::invalid, unreadable(key) + " is no " + spec.name + " of the rules " +
                                                name_ + " as they are now");
        values.push_back(std::move(*value));
    }
    if (!rest.empty())
        return fail(ErrorCode::invalid, unreadable(key) + " has more parameters than the rules " + name_);
    return values;
}

Result<ParamValue> RuleClass::unpack(const RuleValue& value) const {
    auto rest = value.bytes();
    auto taken = take_packed(rest, value_);
    if (!taken || !rest.empty())
        return fail(ErrorCode::invalid,
                    unreadable(value) + " is no value of the rules " + name_ + " as they are now");
    return std::move(*taken);
}

std::string RuleClass::params_text(const RuleKey& key) const {
    const auto values = unpack(key);
    if (!values) return unreadable(key);
    std::string text;
    for (const auto& value : *values)
        text.append(text.empty() ? "" : " ").append(to_text(value));
    return text;
}

std::string RuleClass::value_text(const RuleValue& value) const {
    const auto taken = unpack(value);
    return taken ? to_text(*taken) : unreadable(value);
}

}  // namespace garita
