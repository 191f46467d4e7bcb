#pragma once
// A configuration file, read and checked against the table of settings. All problems are collected, each with
// its place. The tree is our own: nothing of the YAML library is seen outside document's sources.

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "runtime/config/node.hpp"

namespace garita::runtime {

/// What the file is for; recognised by its top-level key.
enum class FileKind { hub, agent };

[[nodiscard]] std::string_view to_string(FileKind kind);

struct Problem {
    enum class Weight { warning, error };
    Weight weight = Weight::error;
    Position position;    ///< line 0: the file as a whole
    std::string path;     ///< "agents.web1.code"; empty: not about one setting
    std::string what;     ///< one sentence, without the file's name; never shows a secret
    std::string allowed;  ///< what would be right; empty: said by `what`
    std::string nearest;  ///< the known name that was probably meant; empty: none is near

    /// "hub.yml:12:5: policies[0].mode: 'asks' is not known; allowed: ask, auto, observe; did you mean
    /// 'ask'?"
    [[nodiscard]] std::string text(std::string_view file) const;
};

/// Whether a check looks at the machine it runs on: files that settings name, variables that hold secrets.
enum class Outside { look, ignore };

/// The outcome of reading one file: the tree, what is wrong with it, and what it is for.
class Document {
  public:
    /// Reads at most max_bytes. A file that cannot be read is one problem at line 0.
    [[nodiscard]] static Document read(const std::filesystem::path& file);
    /// The name stands for the file in messages.
    [[nodiscard]] static Document parse(std::string_view text, std::string name,
                                        Outside outside = Outside::look);

    /// What only who uses the settings can tell.
    void add(std::vector<Problem> problems);

    [[nodiscard]] bool fine() const;  ///< no problem is an error
    [[nodiscard]] const std::vector<Problem>& problems() const { return problems_; }
    [[nodiscard]] std::vector<std::string> texts(Problem::Weight weight) const;
    [[nodiscard]] std::optional<FileKind> kind() const { return kind_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const Node& root() const { return root_; }

    static constexpr std::size_t max_bytes = 1U << 20U;

  private:
    std::string name_;
    Node root_;
    std::optional<FileKind> kind_;
    std::vector<Problem> problems_;
};

}  // namespace garita::runtime
