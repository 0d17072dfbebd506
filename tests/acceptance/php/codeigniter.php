<?php
/**
 * What CodeIgniter 3 gives a controller, as far as the documents' code uses it.
 *
 * Everything that happens is written down in Happened; nothing leaves the process but HTTP calls to the portal.
 */

final class Happened
{
    public static array $warnings = [];
    public static array $log = [];
    public static array $tables = [];
    public static array $flashdata = [];
    public static array $calls = [];
    public static array $slept = [];
    public static ?string $redirect = null;
    public static bool $notFound = false;
}

/** Where CodeIgniter ends the request with exit; no Exception, so that no catch block of a controller sees it. */
final class Finished extends Error
{
}

set_error_handler(function (int $level, string $message, string $file, int $line): bool {
    Happened::$warnings[] = "$message (" . basename($file) . ":$line)";
    return true;
});

#[AllowDynamicProperties]
class CI_Controller
{
    private static ?CI_Controller $instance = null;

    public function __construct()
    {
        self::$instance = $this;
        $this->config = new CI_Config();
        $this->input = new CI_Input();
        $this->output = new CI_Output();
        $this->session = new CI_Session();
        $this->router = new CI_Router();
        $this->db = new CI_DB();
        $this->load = new CI_Loader($this);
    }

    public static function &get_instance(): ?CI_Controller
    {
        return self::$instance;
    }

    /** Called by the code of document 000, which does not print it. */
    protected function handleExportException(Exception $error): void
    {
        Happened::$calls['handleExportException'] = $error->getMessage();
    }

    /** Called by the code of document 001, which does not print it. */
    protected function _handle_large_export(string $export_id, array $response): void
    {
        Happened::$calls['_handle_large_export'] = [$export_id, $response];
    }
}

function &get_instance(): ?CI_Controller
{
    return CI_Controller::get_instance();
}

function site_url(string $path): string
{
    return "https://ybb.example/index.php/$path";
}

function redirect(string $path): never
{
    Happened::$redirect = $path;
    throw new Finished();
}

function show_404(): never
{
    Happened::$notFound = true;
    throw new Finished();
}

function log_message(string $level, string $message): void
{
    Happened::$log[] = "$level: $message";
}
