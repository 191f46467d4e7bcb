#include "runtime/http/router.hpp"

#include <algorithm>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "runtime/http/target.hpp"

namespace garita::runtime::http {
namespace {

bool is_name(std::string_view text) {
    return !text.empty() &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

void allow(std::vector<Method>& methods, Method method) {
    if (std::find(methods.begin(), methods.end(), method) == methods.end()) methods.push_back(method);
    if (method == Method::get) allow(methods, Method::head);
}

std::string join(const std::vector<Method>& methods) {
    std::string list;
    for (const Method method : methods) {
        if (!list.empty()) list += ", ";
        list += to_text(method);
    }
    return list;
}

}  // namespace

/// A request's path, taken apart once for all routes.
struct Router::Path {
    explicit Path(std::string_view path) {
        for (const auto part : split_path(path)) {
            auto decoded = percent_decode(part, Plus::literal);
            if (!decoded) {
                parts.clear();  // fits no route
                return;
            }
            parts.push_back(std::move(*decoded));
        }
    }

    /// Parts from `first` on with the slashes between them.
    [[nodiscard]] std::string rest(std::size_t first) const {
        std::string text = parts[first];
        for (std::size_t i = first + 1; i < parts.size(); ++i)
            text += "/" + parts[i];
        return text;
    }

    std::vector<std::string> parts;
};

Router::Shape Router::shape_of(std::string_view pattern) {
    Shape shape;
    bool good = true;
    for (std::string_view part : split_path(pattern)) {
        good = good && (shape.empty() || shape.back().kind != PartKind::rest);
        if (part.size() < 2 || part.front() != '{' || part.back() != '}') {
            good = good && part.find_first_of("{}?#%") == std::string_view::npos;
            shape.push_back({PartKind::literal, std::string(part)});
            continue;
        }
        part = part.substr(1, part.size() - 2);
        const PartKind kind = part.ends_with("...") ? PartKind::rest : PartKind::parameter;
        if (kind == PartKind::rest) part.remove_suffix(3);
        good = good && is_name(part);
        shape.push_back({kind, std::string(part)});
    }
    if (!good || shape.empty())
        throw std::invalid_argument("malformed route pattern: " + std::string(pattern));
    return shape;
}

bool Router::before(const Shape& a, const Shape& b) {
    return std::lexicographical_compare(
        a.begin(), a.end(), b.begin(), b.end(), [](const Part& x, const Part& y) {
            if (x.kind != y.kind) return x.kind < y.kind;
            return x.kind == PartKind::literal && x.text < y.text;  // names of parameters tell nothing apart
        });
}

std::optional<PathParameters> Router::fit(const Shape& shape, const Path& path) {
    PathParameters parameters;
    const auto& given = path.parts;
    const bool open = shape.back().kind == PartKind::rest;
    if (given.size() < shape.size() || (!open && given.size() > shape.size())) return std::nullopt;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const Part& wanted = shape[i];
        if (wanted.kind == PartKind::literal && given[i] != wanted.text) return std::nullopt;
        if (wanted.kind == PartKind::parameter && given[i].empty()) return std::nullopt;
        if (wanted.kind == PartKind::parameter) parameters.add(wanted.text, given[i]);
        if (wanted.kind == PartKind::rest) parameters.add(wanted.text, path.rest(i));
    }
    return parameters;
}

void Router::add(Method method, std::string pattern, RequestHandler handler,
                 std::optional<std::size_t> body_limit) {
    Shape shape = shape_of(pattern);
    std::size_t place = 0;
    for (; place < routes_.size(); ++place) {
        if (before(shapes_[place], shape)) continue;
        if (before(shape, shapes_[place]) || method < routes_[place].method) break;
        if (method == routes_[place].method) {
            throw std::invalid_argument("route is there already: " + std::string(to_text(method)) + " " +
                                        pattern);
        }
    }
    const auto offset = static_cast<std::ptrdiff_t>(place);
    shapes_.insert(shapes_.begin() + offset, std::move(shape));
    routes_.insert(routes_.begin() + offset,
                   Route{method, std::move(pattern), std::move(handler), body_limit});
}

Router::Outcome Router::find(Method method, std::string_view text) const {
    const Path path(text);
    std::vector<Method> allowed;
    std::optional<Match> get_for_head;
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        auto parameters = fit(shapes_[i], path);
        if (!parameters) continue;
        const Route& route = routes_[i];
        if (route.method == method) return Match{&route, std::move(*parameters)};
        if (method == Method::head && route.method == Method::get && !get_for_head) {
            get_for_head = Match{&route, std::move(*parameters)};
        }
        allow(allowed, route.method);
    }
    if (get_for_head) return std::move(*get_for_head);
    if (allowed.empty()) return NotFound{};
    allow(allowed, Method::options);
    return MethodNotAllowed{join(allowed)};
}

}  // namespace garita::runtime::http
