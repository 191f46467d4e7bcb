#include "runtime/http/rate.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace garita::runtime::http {

std::optional<std::chrono::seconds> RateLimit::take(std::string_view caller, std::size_t count, Time now) {
    const auto full = static_cast<double>(per_second_);
    const std::lock_guard lock(mutex_);
    auto place = buckets_.find(caller);
    if (place == buckets_.end()) place = buckets_.emplace(std::string(caller), Bucket{full, now}).first;
    Bucket& bucket = place->second;
    // a clock that was set back fills nothing, and does not keep the caller waiting for its old time either
    const std::chrono::duration<double> passed = std::max(now - bucket.filled_at, Duration::zero());
    bucket.left = std::min(full, bucket.left + passed.count() * full);
    bucket.filled_at = now;
    if (bucket.left <= 0) return std::chrono::seconds(1 + std::llround(std::floor(-bucket.left / full)));
    bucket.left -= static_cast<double>(count);
    return std::nullopt;
}

Response too_many(std::string_view detail, std::chrono::seconds wait) {
    Response response = problem(429, reason_phrase(429), detail);
    response.headers.add("Retry-After", std::to_string(wait.count()));
    return response;
}

std::chrono::seconds retry_after(const Headers& headers, std::chrono::seconds otherwise,
                                 std::chrono::seconds longest) {
    const auto text = headers.find("Retry-After");
    if (!text) return otherwise;
    std::int64_t seconds = 0;
    const char* const end = text->data() + text->size();
    const auto parsed = std::from_chars(text->data(), end, seconds);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return otherwise;
    return std::clamp(std::chrono::seconds(seconds), std::chrono::seconds(1), longest);
}

}  // namespace garita::runtime::http
