<?php
/** The libraries a CodeIgniter controller holds; Request::$given is what the test wants them to say. */

final class Request
{
    public static array $given = [];
}

class CI_Config
{
    private array $items = [];

    public function item(string $name): mixed
    {
        return Request::$given['config'][$name] ?? $this->items[$name] ?? null;
    }

    /** Read a configuration file of the documents; only the address of the portal is the operator's own. */
    public function load(string $name): void
    {
        $config = [];
        include Request::$given['folder'] . "/$name.php";
        $config[$name]['api_url'] = Request::$given['url'];
        $this->items = $config + $this->items;
    }
}

class CI_Loader
{
    public function __construct(private CI_Controller $controller)
    {
    }

    public function config(string $name): void
    {
        $this->controller->config->load($name);
    }

    public function library(string $name): void
    {
    }
}

class CI_Input
{
    public function get(string $name): mixed
    {
        return Request::$given['get'][$name] ?? null;
    }

    public function server(string $name): mixed
    {
        return $name === 'HTTP_REFERER' ? (Request::$given['referer'] ?? null) : null;
    }

    public function is_ajax_request(): bool
    {
        return Request::$given['ajax'] ?? true;
    }
}

class CI_Output
{
    public int $status = 200;
    public ?string $type = null;
    public string $body = '';

    public function set_status_header(int $status): static
    {
        $this->status = $status;
        return $this;
    }

    public function set_content_type(string $type): static
    {
        $this->type = $type;
        return $this;
    }

    public function set_output(string $body): static
    {
        $this->body = $body;
        return $this;
    }
}

class CI_Session
{
    public function userdata(string $name): mixed
    {
        return ['user_id' => 7][$name] ?? null;
    }

    public function set_flashdata(string $name, mixed $value): void
    {
        Happened::$flashdata[$name] = $value;
    }
}

class CI_Router
{
    public string $method = '';
}

class CI_DB
{
    private int $last = 0;
    private int $row = 0;

    public function insert(string $table, array $row): bool
    {
        Happened::$tables[$table][++$this->last] = $row;
        return true;
    }

    public function insert_id(): int
    {
        return $this->last;
    }

    public function where(string $column, int $value): static
    {
        $this->row = $value;
        return $this;
    }

    public function update(string $table, array $changes): bool
    {
        Happened::$tables[$table][$this->row] = $changes + Happened::$tables[$table][$this->row];
        return true;
    }
}

/** Program_model, Participant_model and the others: the program or the records of the test. */
class Model
{
    public function get(int $id): ?object
    {
        $name = Request::$given['program'];
        return $name === null ? null : (object) ['id' => $id, 'name' => $name];
    }

    public function get_for_export(int $program_id, array $filters): array
    {
        return Request::$given['records'];
    }

    public function get_all_participants(): array
    {
        return Request::$given['records'];
    }
}
