<?php
/** Runs one script with the stand-in for CodeIgniter and prints what happened as JSON. The request is standard input. */

error_reporting(E_ALL);
require __DIR__ . '/codeigniter.php';
require __DIR__ . '/doubles.php';

Request::$given = json_decode(file_get_contents('php://stdin'), true, 512, JSON_THROW_ON_ERROR);
if (Request::$given['latin1'] ?? false) {
    // What a database connection without "SET NAMES utf8mb4" hands out.
    array_walk_recursive(Request::$given['records'], function (mixed &$value): void {
        $value = is_string($value) ? iconv('UTF-8', 'ISO-8859-1', $value) : $value;
    });
}

function controller(string $class, string $method): CI_Controller
{
    $controller = new $class();
    $controller->router->method = $method;
    foreach (['Program', 'Participant', 'Payment', 'Ambassador'] as $name) {
        $controller->{"{$name}_model"} = new Model();
    }
    return $controller;
}

ob_start();
$returned = $output = null;
try {
    foreach (Request::$given['code'] as $file) {
        require Request::$given['folder'] . "/$file";
    }
    $output = controller(Request::$given['class'] ?? 'CI_Controller', Request::$given['call']);
    $call = Request::$given['call'];
    $call = method_exists($output, $call) ? [$output, $call] : $call;
    $returned = $call(...Request::$given['arguments']);
} catch (Finished) {
}
$printed = ob_get_clean();

echo json_encode([
    'warnings' => Happened::$warnings,
    'log' => Happened::$log,
    'tables' => Happened::$tables,
    'flashdata' => Happened::$flashdata,
    'calls' => Happened::$calls,
    'slept' => Happened::$slept,
    'redirect' => Happened::$redirect,
    'not_found' => Happened::$notFound,
    'status' => $output?->output->status,
    'type' => $output?->output->type,
    'body' => $output?->output->body,
    'printed' => base64_encode($printed),
    'returned' => $returned,
], JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE);
