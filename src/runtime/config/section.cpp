#include "runtime/config/section.hpp"

#include <stdexcept>

#include "runtime/config/values.hpp"

namespace garita::runtime {

namespace {

template <typename T>
T sound(std::optional<T> value, std::string_view key) {
    if (!value) throw std::logic_error("unchecked value of setting " + std::string(key));
    return std::move(*value);
}

}  // namespace

const Shape& Section::shape(std::string_view key) const {
    const Shape* found = shape_->find(key);
    if (found == nullptr) throw std::logic_error("no such setting: " + std::string(key));
    return *found;
}

const Node* Section::node(std::string_view key) const {
    static_cast<void>(shape(key));
    const Node* found = node_ == nullptr ? nullptr : node_->find(key);
    return found == nullptr || found->kind == Node::Kind::nothing ? nullptr : found;
}

const Setting& Section::setting(std::string_view key) const {
    return *shape(key).setting;
}

Section Section::section(std::string_view key) const {
    return {node(key), shape(key)};
}

std::string Section::text(std::string_view key) const {
    const Node* written = node(key);
    return written != nullptr ? written->scalar : std::string(setting(key).fallback);
}

std::int64_t Section::integer(std::string_view key) const {
    // a percentage is an integer with or without its sign
    return sound(parse_percent(text(key)), key);
}

std::optional<std::int64_t> Section::integer_if_given(std::string_view key) const {
    return given(key) ? std::optional(integer(key)) : std::nullopt;
}

std::chrono::seconds Section::span(std::string_view key) const {
    return sound(parse_span(text(key)), key);
}

SpanOrNever Section::span_or_never(std::string_view key) const {
    const std::string written = text(key);
    return written == "never" ? std::nullopt : SpanOrNever(sound(parse_span(written), key));
}

bool Section::yes(std::string_view key) const {
    return sound(parse_yes_no(text(key)), key);
}

std::vector<std::string> Section::texts(std::string_view key) const {
    std::vector<std::string> result;
    if (const Node* written = node(key)) {
        for (const Node& item : written->items)
            result.push_back(item.scalar);
        return result;
    }
    for (std::string_view part : split_names(setting(key).fallback, ',')) {  // "[a, b]"
        const std::size_t first = part.find_first_not_of("[ ");
        const std::size_t last = part.find_last_not_of("] ");
        if (first != std::string_view::npos) result.emplace_back(part.substr(first, last - first + 1));
    }
    return result;
}

std::vector<IpNetwork> Section::networks(std::string_view key) const {
    std::vector<IpNetwork> result;
    for (const std::string& written : texts(key))
        result.push_back(sound(IpNetwork::parse(written), key));
    return result;
}

PortSet Section::ports(std::string_view key) const {
    PortSet all;
    const Node* written = node(key);
    if (written == nullptr || written->kind == Node::Kind::scalar)
        return PortSet::parse(text(key)).value_or(all);
    for (const Node& item : written->items)
        all = all | PortSet::parse(item.scalar).value_or(PortSet{});
    return all;
}

std::optional<PortSet> Section::ports_if_given(std::string_view key) const {
    return given(key) ? std::optional(ports(key)) : std::nullopt;
}

void Section::each_named(std::string_view key, const NamedVisit& visit) const {
    const Node* written = node(key);
    const Shape& child = shape(key);
    if (written == nullptr || !child.any_key) return;
    for (const Node::Entry& entry : written->entries)
        visit(entry.key, Section(&entry.value, *child.any_key));
}

std::vector<std::pair<std::string, std::string>> Section::pairs(std::string_view key) const {
    std::vector<std::pair<std::string, std::string>> result;
    if (const Node* written = node(key))
        for (const Node::Entry& entry : written->entries)
            result.emplace_back(entry.key, entry.value.scalar);
    return result;
}

std::vector<Section> Section::list(std::string_view key) const {
    std::vector<Section> result;
    const Node* written = node(key);
    const Shape& child = shape(key);
    if (written == nullptr || !child.item) return result;
    for (const Node& item : written->items)
        result.emplace_back(&item, *child.item);
    return result;
}

}  // namespace garita::runtime
