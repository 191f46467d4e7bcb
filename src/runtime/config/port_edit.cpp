// Changing one host of a specification in the text that an administrator wrote, and not a byte beside it.

#include <algorithm>
#include <optional>

#include "runtime/config/port_config.hpp"
#include "runtime/config/yaml_reader.hpp"

namespace garita::runtime {

namespace {

using Path = std::vector<std::string>;

tl::unexpected<Error> refuse(const Path& path, const char* why) {
    return fail(ErrorCode::invalid, "its `" + path.back() + "` " + why);
}

Node* child(Node* node, std::string_view key) {
    if (node == nullptr) return nullptr;
    for (auto& entry : node->entries)
        if (entry.key == key) return &entry.value;
    return nullptr;
}

/// What stands under the host's key, and further down the path.
Node* find(Node& root, std::string_view host, const Path& path, std::size_t depth) {
    Node* hosts = child(&root, "hosts");
    if (hosts == nullptr) hosts = child(child(&root, "ports"), "hosts");
    if (hosts == nullptr) return nullptr;
    for (auto& entry : hosts->entries) {
        if (host_spelling(entry.key) != host) continue;
        Node* at = &entry.value;
        for (std::size_t i = 0; i < depth; ++i)
            at = child(at, path[i]);
        return at;
    }
    return nullptr;
}

/// But for where they stand.
bool is_same(const Node& one, const Node& other) {
    const auto same_entry = [](const Node::Entry& a, const Node::Entry& b) {
        return a.key == b.key && is_same(a.value, b.value);
    };
    return one.kind == other.kind && one.scalar == other.scalar &&
           std::equal(one.entries.begin(), one.entries.end(), other.entries.begin(), other.entries.end(),
                      same_entry) &&
           std::equal(one.items.begin(), one.items.end(), other.items.begin(), other.items.end(), is_same);
}

std::optional<std::size_t> offset_of(std::string_view text, Position position) {
    std::size_t at = 0;
    for (std::size_t i = 1; i < position.line; ++i) {
        at = text.find('\n', at);
        if (at == std::string_view::npos) return std::nullopt;
        ++at;
    }
    if (position.line == 0) return std::nullopt;
    const auto follows = [&] {
        return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
    };
    for (std::size_t i = 1; i < position.column && at < text.size(); ++i)
        do {
            ++at;
        } while (follows());
    if (at >= text.size()) return std::nullopt;
    return at;
}

/// A new value as YAML writes it and as it is read back.
struct Value {
    std::string written;
    Node node;
};

Value value_of(const PortSet& ports) {
    Value value;
    value.node.kind = ports.empty() ? Node::Kind::list : Node::Kind::scalar;
    value.node.scalar = ports.text();
    value.written = ports.empty() ? "[]" : '"' + ports.text() + '"';
    return value;
}

Value value_of(const std::string& text) {
    Value value;
    value.node.kind = Node::Kind::scalar;
    value.node.scalar = text;
    for (const char c : text)
        value.written += (c == '"' || c == '\\' ? "\\" : "") + std::string(1, c);
    value.written = '"' + value.written + '"';
    return value;
}

/// Where the value of the node ends; nothing: it goes on on another line, or is no single value.
std::optional<std::size_t> end_of(std::string_view text, std::size_t begin, const Node& node) {
    const auto line_end = std::min(text.find('\n', begin), text.size());
    std::size_t end = begin;
    const char first = text[begin];
    if (node.kind == Node::Kind::list) {
        if (first != '[') return std::nullopt;
        end = text.find(']', begin) + 1;
    } else if (first == '"' || first == '\'') {
        end = text.find(first, begin + 1) + 1;
    } else {
        end = begin + node.scalar.size();
    }
    if (end <= begin || end > line_end) return std::nullopt;
    return end;
}

/// Into a map that does not have it yet: at its beginning.
std::optional<std::string> inserted(std::string_view text, const Node& map, const std::string& key,
                                    const Value& value) {
    const auto begin = offset_of(text, map.position);
    if (!begin || map.entries.empty()) return std::nullopt;
    const auto fresh = key + ": " + value.written;
    if (text[*begin] == '{')
        return std::string(text.substr(0, *begin + 1)) + fresh + ", " + std::string(text.substr(*begin + 1));
    const auto& first = map.entries.front().position;
    const auto at = offset_of(text, first);
    if (!at) return std::nullopt;
    return std::string(text.substr(0, *at)) + fresh + '\n' + std::string(first.column - 1, ' ') +
           std::string(text.substr(*at));
}

enum class Absent { refused, inserted };

/// One value, replaced or inserted; proven by reading again that nothing else has moved.
Result<std::string> with_value(std::string_view text, std::string_view host, const Path& path,
                               const Value& value, Absent absent) {
    YamlTree tree = read_yaml(text);
    if (!tree.complete) return refuse(path, "stands in a file that cannot be read");
    Node* const node = find(tree.root, host, path, path.size());
    Node* const parent = find(tree.root, host, path, path.size() - 1);
    std::optional<std::string> changed;
    if (node != nullptr) {
        if (node->kind == Node::Kind::scalar || node->kind == Node::Kind::list)
            if (const auto begin = offset_of(text, node->position))
                if (const auto end = end_of(text, *begin, *node))
                    changed =
                        std::string(text.substr(0, *begin)) + value.written + std::string(text.substr(*end));
        if (!changed) return refuse(path, "is not written as one value on one line");
        *node = value.node;
    } else {
        if (parent == nullptr || parent->kind != Node::Kind::map || absent == Absent::refused)
            return refuse(path, "is not written there");
        changed = inserted(text, *parent, path.back(), value);
        if (!changed) return refuse(path, "cannot be added there");
        parent->entries.insert(parent->entries.begin(), {path.back(), {}, value.node});
    }
    const YamlTree after = read_yaml(*changed);
    if (!after.complete || !after.problems.empty() || !is_same(after.root, tree.root))
        return refuse(path, "is written in a way that cannot be changed safely");
    return *changed;
}

}  // namespace

Result<std::string> with_change(std::string_view text, std::string_view host,
                                const SpecificationChange& change) {
    Result<std::string> now = std::string(text);
    const auto set = [&](const Path& path, const Value& value, Absent absent) {
        if (now) now = with_value(*now, host, path, value, absent);
    };
    if (change.must) set({"must"}, value_of(*change.must), Absent::refused);
    if (change.udp_must) set({"udp", "must"}, value_of(*change.udp_must), Absent::refused);
    for (const auto& [port, banner] : change.banners)
        set({"services", std::to_string(port), "banner"}, value_of(banner), Absent::refused);
    for (const auto& [port, sha256] : change.certificates)
        set({"services", std::to_string(port), "certificate", "sha256"}, value_of(sha256), Absent::inserted);
    return now;
}

}  // namespace garita::runtime
