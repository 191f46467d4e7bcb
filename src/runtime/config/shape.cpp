#include "runtime/config/shape.hpp"

#include <algorithm>

namespace garita::runtime {

namespace {

/// The child that the step leads to; made where it is not there yet.
Shape& child(Shape& parent, std::string_view step) {
    const auto made = [](std::unique_ptr<Shape>& place) -> Shape& {
        if (!place) place = std::make_unique<Shape>();
        return *place;
    };
    if (step == "*") return made(parent.any_key);
    if (step == "[]") return made(parent.item);
    for (auto& [key, shape] : parent.keys)
        if (key == step) return shape;
    return parent.keys.emplace_back(Shape::Key{std::string(step), Shape{}}).shape;
}

/// Cuts the next step off the path: "policies", "[]", "kind" of "policies[].kind".
std::string_view next_step(std::string_view& path) {
    if (path.starts_with('.')) path.remove_prefix(1);
    const std::size_t length = path.starts_with("[]") ? 2 : std::min(path.find_first_of(".["), path.size());
    const std::string_view step = path.substr(0, length);
    path.remove_prefix(length);
    return step;
}

Shape build(FileKind kind) {
    Shape root;
    for (const Setting& setting : settings(kind)) {
        Shape* place = &root;
        for (std::string_view path = setting.path; !path.empty();)
            place = &child(*place, next_step(path));
        place->setting = &setting;
    }
    return root;
}

}  // namespace

const Shape* Shape::find(std::string_view key) const {
    for (const auto& [known, shape] : keys)
        if (known == key) return &shape;
    return any_key.get();
}

bool Shape::is_map() const {
    return any_key != nullptr || !keys.empty();
}

const Shape& shape_of(FileKind kind) {
    static const Shape hub = build(FileKind::hub);
    static const Shape agent = build(FileKind::agent);
    return kind == FileKind::hub ? hub : agent;
}

}  // namespace garita::runtime
