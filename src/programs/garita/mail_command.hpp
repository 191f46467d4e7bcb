#pragma once

namespace CLI {
class App;
}

namespace garita::programs {

void add_mail_command(CLI::App& app, int& exit_code);  ///< mail test

}  // namespace garita::programs
