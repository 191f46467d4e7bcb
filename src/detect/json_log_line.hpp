#pragma once
// Web server logs of one JSON object a line: nginx with escape=json, Caddy, and whatever else names its
// fields.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace garita::detect {

class JsonCursor;

/// Names of the members to read, in order of preference; "request.remote_ip" is a member of an object in the
/// object.
struct JsonLogKeys {
    std::vector<std::string> address{"remote_addr", "remote_ip", "client_ip", "request.remote_ip",
                                     "request.client_ip"};
    std::vector<std::string> status{"status", "response.status"};
    std::vector<std::string> time{"time_iso8601", "@timestamp", "time_local", "msec",
                                  "ts",           "timestamp",  "time"};
    std::vector<std::string> forwarded_for{"http_x_forwarded_for", "x_forwarded_for",
                                           "request.headers.X-Forwarded-For"};
};

/// Views into the line, of strings without their quotes; empty where the line has no such member.
struct JsonLogFields {
    std::string_view address;
    std::string_view status;
    std::string_view time;
    std::string_view forwarded_for;
};

/// Finds the members in one pass without building a document. Nothing for text that is not one object, nests
/// deeper than 32, or names a wanted member twice (readers would not agree which one counts). A wanted string
/// that needs unescaping is taken as absent: addresses, times and numbers never do.
class JsonLogReader {
  public:
    explicit JsonLogReader(const JsonLogKeys& keys);
    [[nodiscard]] std::optional<JsonLogFields> read(std::string_view line) const;

  private:
    enum Field : std::size_t { address, status, time, forwarded_for, fields };
    struct Wanted {
        std::string path;
        Field field;
        std::size_t rank;  // smaller is preferred
    };
    struct Found;

    bool read_object(JsonCursor& cursor, std::string& path, Found& found) const;
    bool read_member(JsonCursor& cursor, std::string& path, Found& found) const;
    static bool read_value(JsonCursor& cursor, const Wanted& wanted, Found& found);
    [[nodiscard]] const Wanted* wanted_at(std::string_view path) const;
    [[nodiscard]] bool wanted_below(std::string_view path) const;

    std::vector<Wanted> wanted_;
};

}  // namespace garita::detect
