#pragma once
// The folder with the records of requests for access: one text file each, packed when it is old. What else
// lies there is left alone.

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/access_request.hpp"
#include "model/result.hpp"

namespace garita::access_archive {

/// "A17_00-11-22-33-44-55_2026-11-23.txt", packed with ".gz" behind it.
struct RecordName {
    AccessId id;
    MacAddress mac;
    std::chrono::year_month_day ended{};
    enum class Form { text, packed } form = Form::text;

    [[nodiscard]] std::string file() const;
    [[nodiscard]] static std::optional<RecordName> parse(std::string_view file);
    friend bool operator==(const RecordName&, const RecordName&) = default;
};

/// A file is old or new, never half; readable for its owner only. Errors are `io`.
class ArchiveFolder {
  public:
    explicit ArchiveFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// Makes it where it is not, and takes away what a crash left half written.
    [[nodiscard]] Result<void> open() const;
    /// Over the one that is there.
    [[nodiscard]] Result<void> write(const RecordName& name, std::string_view text) const;
    [[nodiscard]] Result<std::vector<RecordName>> list() const;
    /// A text, into the packed form; again does no harm.
    [[nodiscard]] Result<void> pack(const RecordName& name) const;
    [[nodiscard]] Result<void> remove(const RecordName& name) const;

  private:
    std::filesystem::path folder_;
};

/// As gzip writes it. Nothing: memory is short.
[[nodiscard]] std::optional<std::string> gzipped(std::string_view text);

}  // namespace garita::access_archive
