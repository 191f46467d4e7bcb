#include "runtime/config/written.hpp"

#include <functional>

#include "runtime/config/shape.hpp"

namespace garita::runtime {
namespace {

std::string text_of(const Node& node) {
    std::string text = node.scalar;
    for (const Node::Entry& entry : node.entries)
        text += '{' + entry.key + ": " + text_of(entry.value) + '}';
    for (const Node& item : node.items)
        text += '[' + text_of(item) + ']';
    return text;
}

void add(const Shape& shape, const Node* node, const std::string& path, WrittenSettings& out) {
    if (shape.is_map()) {
        const auto below = [&](std::string_view key) {
            return path.empty() ? std::string(key) : path + '.' + std::string(key);
        };
        for (const auto& [key, child] : shape.keys)
            add(child, node == nullptr ? nullptr : node->find(key), below(key), out);
        if (shape.any_key && node != nullptr)
            for (const Node::Entry& entry : node->entries)
                add(*shape.any_key, &entry.value, below(entry.key), out);
        return;
    }
    std::string text = node == nullptr ? std::string(shape.setting->fallback) : text_of(*node);
    if (shape.setting->type == ValueType::secret) text = std::to_string(std::hash<std::string>()(text));
    out.emplace(path, WrittenSetting{std::move(text), shape.setting->taken_up});
}

}  // namespace

WrittenSettings written_settings(const Document& document) {
    WrittenSettings out;
    if (document.kind()) add(shape_of(*document.kind()), &document.root(), "", out);
    return out;
}

std::vector<std::string> changed_settings(const WrittenSettings& before, const WrittenSettings& after,
                                          TakenUp taken_up) {
    std::vector<std::string> changed;
    const auto look = [&](const std::string& path, const WrittenSetting& setting,
                          const WrittenSettings& other) {
        const auto there = other.find(path);
        const bool same = there != other.end() && there->second.text == setting.text;
        if (!same && setting.taken_up == taken_up) changed.push_back(path);
    };
    WrittenSettings all = before;
    all.insert(after.begin(), after.end());
    for (const auto& [path, setting] : all)
        look(path, setting, before.contains(path) ? after : before);
    return changed;
}

}  // namespace garita::runtime
