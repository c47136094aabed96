use zed_extension_api::{self as zed, serde_json, settings::LspSettings, LanguageServerId, Result};

struct Uvci;

impl Uvci {
    /// What the user's settings name, else `uvci` on the search path, else uvx.
    fn command_line(id: &LanguageServerId, worktree: &zed::Worktree) -> Result<Vec<String>> {
        let binary = LspSettings::for_worktree(id.as_ref(), worktree)
            .ok()
            .and_then(|settings| settings.binary);
        let arguments = binary.as_ref().and_then(|named| named.arguments.clone());
        if let Some(path) = binary.and_then(|named| named.path) {
            return Ok(joined(path, arguments.unwrap_or(vec!["server".into()])));
        }
        if let Some(path) = worktree.which("uvci") {
            return Ok(joined(path, vec!["server".into()]));
        }
        match worktree.which("uvx") {
            Some(path) => Ok(joined(path, vec!["uvci".into(), "server".into()])),
            None => Err("uvci was not found, nor uvx to run it with: uv tool install uvci".into()),
        }
    }
}

fn joined(program: String, arguments: Vec<String>) -> Vec<String> {
    std::iter::once(program).chain(arguments).collect()
}

impl zed::Extension for Uvci {
    fn new() -> Self {
        Uvci
    }

    fn language_server_command(
        &mut self,
        id: &LanguageServerId,
        worktree: &zed::Worktree,
    ) -> Result<zed::Command> {
        let mut words = Self::command_line(id, worktree)?.into_iter();
        Ok(zed::Command {
            command: words.next().unwrap_or_default(),
            args: words.collect(),
            env: worktree.shell_env(),
        })
    }

    fn language_server_workspace_configuration(
        &mut self,
        id: &LanguageServerId,
        worktree: &zed::Worktree,
    ) -> Result<Option<serde_json::Value>> {
        let settings = LspSettings::for_worktree(id.as_ref(), worktree)?.settings;
        Ok(settings.map(|own| serde_json::json!({ "uvci": own })))
    }
}

zed::register_extension!(Uvci);
