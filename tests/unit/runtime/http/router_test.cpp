#include "runtime/http/router.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace garita::runtime::http {
namespace {

RequestHandler nothing() {
    return [](const Request&) -> Answer { return Response{}; };
}

Router sample() {
    Router router;
    router.add(Method::get, "/", nothing());
    router.add(Method::get, "/api/v1/cases", nothing());
    router.add(Method::get, "/api/v1/cases/{id}", nothing());
    router.add(Method::post, "/api/v1/cases/{id}/decision", nothing());
    router.add(Method::get, "/api/v1/cases/open", nothing());
    router.add(Method::del, "/api/v1/cases/{id}", nothing());
    router.add(Method::get, "/web/{file...}", nothing());
    return router;
}

std::string pattern_of(const Router& router, Method method, std::string_view path) {
    const auto outcome = router.find(method, path);
    const auto* match = std::get_if<Router::Match>(&outcome);
    return match == nullptr ? "" : match->route->pattern;
}

TEST(Router, FindsLiteralsBeforeParametersBeforeTheRest) {
    const Router router = sample();
    EXPECT_EQ(pattern_of(router, Method::get, "/"), "/");
    EXPECT_EQ(pattern_of(router, Method::get, "/api/v1/cases"), "/api/v1/cases");
    EXPECT_EQ(pattern_of(router, Method::get, "/api/v1/cases/open"), "/api/v1/cases/open");
    EXPECT_EQ(pattern_of(router, Method::get, "/api/v1/cases/7"), "/api/v1/cases/{id}");
    EXPECT_EQ(pattern_of(router, Method::del, "/api/v1/cases/7"), "/api/v1/cases/{id}");
    EXPECT_EQ(pattern_of(router, Method::head, "/api/v1/cases/7"), "/api/v1/cases/{id}");
    EXPECT_EQ(pattern_of(router, Method::post, "/api/v1/cases/7/decision"), "/api/v1/cases/{id}/decision");
}

TEST(Router, GivesDecodedParameters) {
    const Router router = sample();
    const auto outcome = router.find(Method::get, "/api/v1/cases/a%2Fb%20c");
    EXPECT_EQ(std::get<Router::Match>(outcome).parameters.find("id"), "a/b c");
    const auto rest = router.find(Method::get, "/web/css/main.css");
    EXPECT_EQ(std::get<Router::Match>(rest).parameters.find("file"), "css/main.css");
}

TEST(Router, ReadsNumbersStrictly) {
    PathParameters parameters;
    for (const auto* text :
         {"12", "-1", "+1", "1x", "", " 1", "9223372036854775807", "9223372036854775808"}) {
        parameters.add(text, text);
    }
    EXPECT_EQ(parameters.number("12"), 12);
    EXPECT_EQ(parameters.number("9223372036854775807"), 9223372036854775807);
    for (const auto* text : {"-1", "+1", "1x", "", " 1", "9223372036854775808", "absent"}) {
        EXPECT_FALSE(parameters.number(text)) << text;
    }
}

TEST(Router, TellsUnknownPathsFromWrongMethods) {
    const Router router = sample();
    for (const auto* path : {"", "*", "/x", "/api/v1/cases/", "/api/v1/cases/7/",
                             "/api/v1/cases/7/decision/x", "/api/v1/cases/%zz", "/web", "//api/v1/cases"}) {
        EXPECT_TRUE(std::holds_alternative<Router::NotFound>(router.find(Method::get, path))) << path;
    }
    const auto wrong = router.find(Method::post, "/api/v1/cases/7");
    EXPECT_EQ(std::get<Router::MethodNotAllowed>(wrong).allow, "GET, HEAD, DELETE, OPTIONS");
}

TEST(Router, ListsItsRoutesAndRefusesBadOnes) {
    Router router = sample();
    EXPECT_EQ(router.routes().size(), 7U);
    EXPECT_THROW(router.add(Method::get, "/api/v1/cases/{number}", nothing()), std::invalid_argument);
    for (const auto* pattern : {"", "x", "/{}", "/{a...}/b", "/a{b}", "/{A}", "/a?b"}) {
        EXPECT_THROW(router.add(Method::get, pattern, nothing()), std::invalid_argument) << pattern;
    }
    EXPECT_EQ(router.routes().size(), 7U);
}

}  // namespace
}  // namespace garita::runtime::http
