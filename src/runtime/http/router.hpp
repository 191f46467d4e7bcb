#pragma once
// Which handler answers which method and path. Built once before the server starts, then only read.

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runtime/http/message.hpp"

namespace garita::runtime::http {

/// Runs on one of the server's handler threads and may block. An exception becomes a 500.
using RequestHandler = std::function<Answer(const Request&)>;

struct Route {
    Method method = Method::get;
    std::string pattern;  ///< "/api/v1/cases/{id}/decision"; a last part "{rest...}" takes all that follows
    RequestHandler handler;
    std::optional<std::size_t> body_limit;  ///< bytes; otherwise the server's
};

class Router {
  public:
    /// Adds a route. Throws std::invalid_argument for a malformed pattern or one that is there already.
    void add(Method method, std::string pattern, RequestHandler handler,
             std::optional<std::size_t> body_limit = std::nullopt);

    struct Match {
        const Route* route = nullptr;  ///< owned by the router
        PathParameters parameters;
    };
    struct NotFound {};
    struct MethodNotAllowed {
        std::string allow;  ///< value of the Allow field: "GET, HEAD, OPTIONS"
    };
    using Outcome = std::variant<Match, NotFound, MethodNotAllowed>;

    /// HEAD finds the GET route where there is none of its own. Part by part, literal parts win over
    /// parameters, these over a rest. `path` is percent-encoded, without query; an encoded slash stays inside
    /// its part.
    [[nodiscard]] Outcome find(Method method, std::string_view path) const;

    /// All routes in the order they are tried: what the API document is compared with.
    [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

  private:
    enum class PartKind { literal, parameter, rest };  // in the order they win
    struct Part {
        PartKind kind = PartKind::literal;
        std::string text;  ///< the literal, or the parameter's name
    };
    using Shape = std::vector<Part>;
    struct Path;

    static Shape shape_of(std::string_view pattern);
    static bool before(const Shape& a, const Shape& b);
    static std::optional<PathParameters> fit(const Shape& shape, const Path& path);

    std::vector<Route> routes_;
    std::vector<Shape> shapes_;  ///< of the routes, in the same order
};

}  // namespace garita::runtime::http
